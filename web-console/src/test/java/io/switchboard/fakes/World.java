package io.switchboard.fakes;

import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderKind;
import io.switchboard.contracts.ordering.OrderRequest;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.ordering.OrderView;
import io.switchboard.contracts.ordering.OrderView.TimelineEntry;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.contracts.scheduling.Canary;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.RolloutsApi.DrainingTask;
import io.switchboard.contracts.scheduling.RolloutsApi.Pause;
import io.switchboard.contracts.scheduling.RolloutsApi.Phase;
import io.switchboard.contracts.scheduling.RolloutsApi.RevisionView;
import io.switchboard.contracts.scheduling.RolloutsApi.RolloutView;
import io.switchboard.contracts.scheduling.RolloutsApi.Trial;
import io.switchboard.contracts.scheduling.SchedulerApi.DeploymentView;
import io.switchboard.contracts.scheduling.SchedulerApi.TaskView;
import io.switchboard.contracts.scheduling.SchedulerApi.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Orders, instances and deployments, and how an order gets on: one step every {@link #STEP}. */
public class World implements AutoCloseable {

    static final Duration STEP = Duration.ofMillis(350);
    /** What instances run that were opened; the catalog has gone on since. */
    private static final String IMAGE = "platform/acd@sha256:51be07d2a9c48f33";

    private static final String NEXT_IMAGE = "platform/acd@sha256:9f2c1d0b7e5a";

    private final Map<UUID, OrderView> orders = new LinkedHashMap<>();
    private final Map<UUID, InstanceView> instances = new LinkedHashMap<>();
    private final Map<UUID, DeploymentView> deployments = new LinkedHashMap<>();
    private final Map<UUID, Course> courses = new LinkedHashMap<>();
    private final Map<UUID, Set<UUID>> dependencies = new LinkedHashMap<>();
    private final Map<String, UUID> keys = new LinkedHashMap<>();
    private final List<Consumer<OrderView>> followers = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService steps = Executors.newSingleThreadScheduledExecutor();
    private long counter;

    @Override
    public void close() {
        steps.shutdownNow();
    }

    /** How many orders exist, of all tenants. */
    public synchronized int ordersPlaced() {
        return orders.size();
    }

    public synchronized OrderView order(UUID id) {
        return the(orders, id);
    }

    synchronized List<OrderView> orders(Predicate<OrderView> wanted) {
        return orders.values().stream()
                .filter(wanted)
                .sorted(Comparator.comparing(OrderView::id).reversed())
                .toList();
    }

    synchronized OrderView order(UUID id, Caller caller) {
        return find(orders.get(id), OrderView::tenant, caller);
    }

    synchronized List<InstanceView> instances(Caller caller) {
        return instances.values().stream()
                .filter(instance -> sees(caller, instance.tenant()))
                .sorted(Comparator.comparing(InstanceView::id).reversed())
                .toList();
    }

    synchronized InstanceView instance(UUID id, Caller caller) {
        return find(instances.get(id), InstanceView::tenant, caller);
    }

    synchronized List<DeploymentView> deployments(Caller caller) {
        return deployments.values().stream()
                .filter(deployment -> sees(caller, deployment.tenant()))
                .toList();
    }

    synchronized DeploymentView deployment(UUID id, Caller caller) {
        return find(deployments.get(id), DeploymentView::tenant, caller);
    }

    private static <T> T find(@Nullable T found, Function<T, String> owner, Caller caller) {
        if (found == null || !sees(caller, owner.apply(found))) {
            throw new Problem(RequestProblem.NOT_FOUND, "Nothing of yours has this id.");
        }
        return found;
    }

    static boolean sees(Caller caller, String tenant) {
        return caller.is(Role.OPERATOR)
                || caller.tenant().filter(tenant::equals).isPresent();
    }

    Runnable follow(Consumer<OrderView> follower) {
        followers.add(follower);
        return () -> followers.remove(follower);
    }

    /** Takes an order and carries it out on its own. */
    public synchronized OrderView place(String tenant, String key, OrderRequest request) {
        UUID known = keys.get(tenant + "/" + key);
        if (known != null) {
            return the(orders, known);
        }
        UUID id = nextId();
        OrderView order = switch (request) {
            case OrderRequest.Open open -> open(id, tenant, open);
            case OrderRequest.Extend extend -> change(id, OrderKind.EXTEND, extend.instanceId(), extend.loadProfile());
            case OrderRequest.Upgrade upgrade -> change(id, OrderKind.UPGRADE, upgrade.instanceId(), null);
            case OrderRequest.Restart restart -> change(id, OrderKind.RESTART, restart.instanceId(), null);
            case OrderRequest.Delete delete -> change(id, OrderKind.DELETE, delete.instanceId(), null);
        };
        orders.put(id, order);
        keys.put(tenant + "/" + key, id);
        note(id, OrderState.ACCEPTED, "ACCEPTED", "The order is stored and on its way to the scheduler.");
        switch (request) {
            case OrderRequest.Open open -> rollOut(order, IMAGE, null);
            case OrderRequest.Extend extend ->
                rollOut(order, course(order.instanceId()).image(), null);
            case OrderRequest.Upgrade upgrade -> rollOut(order, NEXT_IMAGE, upgrade.canary());
            case OrderRequest.Restart restart ->
                rollOut(order, course(order.instanceId()).image(), null);
            case OrderRequest.Delete delete -> remove(order);
        }
        return the(orders, id);
    }

    private OrderView open(UUID id, String tenant, OrderRequest.Open open) {
        boolean taken = instances.values().stream()
                .anyMatch(one -> one.tenant().equals(tenant)
                        && one.name().equals(open.name())
                        && one.state() != InstanceView.State.DELETED);
        if (taken) {
            throw new Problem(
                    FakeProblem.NAME_TAKEN,
                    "There is an instance named '" + open.name() + "' already.",
                    Map.of("field", "name"));
        }
        Set<UUID> others = open.dependsOn() == null ? Set.of() : open.dependsOn();
        if (!instances.keySet().containsAll(others)) {
            throw new Problem(FakeProblem.DEPENDENCY_MISSING, "There is no such instance to depend on.");
        }
        UUID instanceId = nextId();
        dependencies.put(instanceId, others);
        instances.put(
                instanceId,
                new InstanceView(
                        instanceId,
                        tenant,
                        open.name(),
                        open.serviceType(),
                        open.plan(),
                        InstanceView.State.OPENING,
                        "Ordered; its capacity is being planned.",
                        open.loadProfile(),
                        open.parameters() == null ? Map.of() : open.parameters(),
                        List.of(),
                        0,
                        tasks(open.loadProfile()),
                        Instant.now(),
                        Instant.now()));
        return view(id, OrderKind.OPEN, the(instances, instanceId), Optional.of(open.loadProfile()));
    }

    private OrderView change(UUID id, OrderKind kind, UUID instanceId, @Nullable LoadProfile load) {
        InstanceView instance = instances.get(instanceId);
        if (instance == null) {
            throw new Problem(RequestProblem.NOT_FOUND, "Nothing of yours has this id.");
        }
        if (load != null) {
            put(instance, InstanceView.State.CHANGING, "Is being extended.", load, instance.readyTasks(), tasks(load));
        }
        return view(id, kind, the(instances, instanceId), Optional.ofNullable(load));
    }

    private static OrderView view(UUID id, OrderKind kind, InstanceView instance, Optional<LoadProfile> load) {
        return new OrderView(
                id,
                kind,
                OrderState.ACCEPTED,
                instance.id(),
                instance.tenant(),
                instance.name(),
                instance.serviceType(),
                instance.plan(),
                load,
                Instant.now(),
                Optional.empty(),
                List.of());
    }

    private void rollOut(OrderView order, String image, @Nullable Canary canary) {
        Course course = courses.computeIfAbsent(order.instanceId(), id -> new Course());
        course.begin(image, canary, Optional.of(order.id()));
        int wanted = tasks(the(instances, order.instanceId()).loadProfile());
        tell(
                course,
                OrderState.IN_PROGRESS,
                "PLANNED",
                wanted + " tasks of 0.50 core and 512 MiB: 96 calls at once need 0.92 core = 0.20 fixed + 0.0061 × 96"
                        + " + 13 % margin; one task to spare.");
        rollOut(order.instanceId(), course, wanted);
    }

    /** First those on trial, which wait to be promoted, then one task after another. */
    private void rollOut(UUID instanceId, Course course, int wanted) {
        Deque<BooleanSupplier> plan = new ArrayDeque<>();
        if (course.trial.isPresent()) {
            plan.add(() -> {
                course.carryCalls();
                deploy(instanceId, wanted, wanted);
                tell(course, OrderState.IN_PROGRESS, "ROLLING_OUT", "1 new task is on trial beside the old ones.");
                return true;
            });
            plan.add(() -> course.trial.isEmpty());
        }
        for (int ready = 0; ready <= wanted; ready++) {
            int now = ready;
            plan.add(() -> {
                deploy(instanceId, wanted, now);
                tell(
                        course,
                        OrderState.IN_PROGRESS,
                        "ROLLING_OUT",
                        now + " of " + wanted + " tasks are ready" + (now == wanted ? "." : "; the next one starts."));
                return true;
            });
        }
        plan.add(() -> {
            course.end();
            steady(instanceId, wanted);
            course.note("Revision " + course.revision() + " has taken over.");
            tell(course, OrderState.COMPLETED, "COMPLETED", "All " + wanted + " tasks take calls.");
            return true;
        });
        inSteps(course, plan);
    }

    private void tell(Course course, OrderState state, String step, String message) {
        course.order.ifPresent(order -> note(order, state, step, message));
    }

    synchronized Course course(UUID id) {
        return the(courses, id);
    }

    synchronized void steer(UUID id, Consumer<Course> change) {
        change.accept(the(courses, id));
    }

    synchronized RolloutView rollout(UUID id, Caller caller) {
        DeploymentView deployment = deployment(id, caller);
        Course course = the(courses, id);
        return new RolloutView(
                id,
                course.revision(),
                course.underWay,
                course.underWay ? phases(deployment, course) : List.of(),
                course.pause,
                course.trial,
                course.backTo,
                course.draining,
                course.cutCalls,
                deployment.status());
    }

    private static List<Phase> phases(DeploymentView deployment, Course course) {
        int wanted = deployment.wantedTasks();
        int ready = (int) deployment.tasks().stream()
                .filter(task -> task.state() == TaskView.State.READY)
                .count();
        List<Phase> phases = new ArrayList<>();
        course.trial.ifPresent(trial -> {
            boolean carry = trial.since().isPresent();
            phases.add(new Phase(
                    "Start 1 task of revision " + course.revision() + " on trial: " + (carry ? 1 : 0) + " ready",
                    carry ? Phase.State.DONE : Phase.State.UNDER_WAY));
            phases.add(new Phase(
                    "Let them carry calls for " + trial.minutes() + " min and compare them with the old ones",
                    carry ? Phase.State.UNDER_WAY : Phase.State.TO_COME));
        });
        boolean trial = course.trial.isPresent();
        boolean all = ready == wanted && !trial;
        phases.add(new Phase(
                "Have " + wanted + " tasks of revision " + course.revision() + ": " + (trial ? 0 : ready) + " ready",
                trial ? Phase.State.TO_COME : all ? Phase.State.DONE : Phase.State.UNDER_WAY));
        phases.add(new Phase(
                "Stop the old tasks, each once its calls have ended or its time is up: " + wanted + " left",
                all ? Phase.State.UNDER_WAY : Phase.State.TO_COME));
        return phases;
    }

    synchronized void abort(UUID id, String by) {
        Course course = the(courses, id);
        String why = "Aborted by " + by + "; back to revision " + course.backTo.orElseThrow() + ".";
        course.goBack(why);
        tell(course, OrderState.FAILED, "ROLLED_BACK", why);
        steady(id, the(deployments, id).wantedTasks());
    }

    synchronized void runAgain(UUID id, RevisionView revision, @Nullable Canary canary, String by) {
        Course course = the(courses, id);
        if (course.image().equals(revision.image())) {
            return;
        }
        course.note("Wanted by " + by + ": back to what revision " + revision.number() + " ran.");
        course.begin(revision.image(), canary, Optional.empty());
        rollOut(id, course, the(deployments, id).wantedTasks());
    }

    synchronized void replace(UUID id, String task, String by) {
        Course course = the(courses, id);
        List<String> tasks =
                the(deployments, id).tasks().stream().map(TaskView::id).toList();
        int place = tasks.indexOf(task);
        if (place < 0) {
            throw FakeRollouts.noSuchTask();
        }
        course.note("Wanted by " + by + ": replace task " + task + ".");
        course.underWay = true;
        inSteps(course, new ArrayDeque<>(List.of(() -> {
            course.replace(place);
            course.end();
            steady(id, tasks.size());
            course.note("Task " + task + " was stopped after its last call; it was to be replaced.");
            return true;
        })));
    }

    /** A task that the load no longer needs has so many calls to finish; nothing waits for it. */
    public synchronized void linger(UUID id, int calls) {
        the(courses, id).draining = List.of(new DrainingTask("lingering-1", Instant.now(), Optional.of(calls)));
    }

    /** Nothing more happens to the instance until it is told to go on. */
    public void pause(UUID id) {
        steer(id, course -> course.pause = Optional.of(new Pause("the test", Instant.now())));
    }

    public void goOn(UUID id) {
        steer(id, course -> course.pause = Optional.empty());
    }

    /** Whether nothing of it is left to do. */
    public synchronized boolean isSettled(UUID id) {
        return deployments.containsKey(id) && !the(courses, id).underWay;
    }

    /** Whether new tasks of it carry calls on trial. */
    public synchronized boolean isOnTrial(UUID id) {
        return the(courses, id).trial.flatMap(Trial::since).isPresent();
    }

    /** The instances that one depends on. */
    public synchronized Set<UUID> dependencies(UUID id) {
        return the(dependencies, id);
    }

    private void remove(OrderView order) {
        UUID id = order.instanceId();
        Course course = the(courses, id);
        course.attempt++;
        course.pause = Optional.empty();
        inSteps(
                course,
                new ArrayDeque<>(List.of(
                        () -> {
                            InstanceView instance = the(instances, id);
                            put(
                                    instance,
                                    InstanceView.State.DELETING,
                                    "3 calls are still going on; its tasks take no new ones.",
                                    instance.loadProfile(),
                                    instance.readyTasks(),
                                    0);
                            note(order.id(), OrderState.IN_PROGRESS, "DRAINING", "3 calls are still going on.");
                            return true;
                        },
                        () -> {
                            InstanceView instance = the(instances, id);
                            put(instance, InstanceView.State.DELETED, "Gone.", instance.loadProfile(), 0, 0);
                            deployments.remove(id);
                            note(
                                    order.id(),
                                    OrderState.COMPLETED,
                                    "REMOVED",
                                    "Its tasks, routes and addresses are gone.");
                            return true;
                        })));
    }

    /** A step that isn't done yet is tried again; what is paused waits, what is forced doesn't. */
    private void inSteps(Course course, Deque<BooleanSupplier> plan) {
        int attempt = course.attempt;
        steps.schedule(
                () -> locked(() -> {
                    if (course.attempt != attempt) {
                        return;
                    }
                    boolean done;
                    do {
                        done = course.pause.isEmpty() && plan.getFirst().getAsBoolean();
                        if (done) {
                            plan.removeFirst();
                        }
                    } while (done && course.forced && !plan.isEmpty());
                    if (!plan.isEmpty()) {
                        inSteps(course, plan);
                    }
                }),
                STEP.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private synchronized void locked(Runnable act) {
        act.run();
    }

    private synchronized void note(UUID id, OrderState state, String step, String message) {
        OrderView old = the(orders, id);
        List<TimelineEntry> timeline = new ArrayList<>(old.timeline());
        timeline.add(new TimelineEntry(timeline.size() + 1, Instant.now(), state, step, message));
        boolean ended = state == OrderState.COMPLETED || state == OrderState.FAILED;
        OrderView now = new OrderView(
                id,
                old.kind(),
                state,
                old.instanceId(),
                old.tenant(),
                old.instanceName(),
                old.serviceType(),
                old.plan(),
                old.loadProfile(),
                old.acceptedAt(),
                ended ? Optional.of(Instant.now()) : Optional.empty(),
                timeline);
        orders.put(id, now);
        followers.forEach(follower -> follower.accept(now));
    }

    private void deploy(UUID id, int wanted, int ready) {
        InstanceView instance = the(instances, id);
        InstanceView.State state =
                instance.addresses().isEmpty() ? InstanceView.State.OPENING : InstanceView.State.CHANGING;
        put(instance, state, ready + " of " + wanted + " tasks are ready.", instance.loadProfile(), ready, wanted);
        deployments.put(
                id,
                deployment(
                        instance,
                        wanted,
                        ready,
                        new DeploymentStatus.RollingOut(ready, wanted, ready + " of " + wanted + " tasks are ready")));
    }

    private void steady(UUID id, int wanted) {
        InstanceView instance = the(instances, id);
        put(
                instance,
                InstanceView.State.RUNNING,
                "Answers with " + wanted + " tasks; room for 114 calls at once.",
                instance.loadProfile(),
                wanted,
                wanted);
        deployments.put(
                id,
                deployment(
                        instance, wanted, wanted, new DeploymentStatus.Steady(wanted, wanted + " tasks take calls")));
    }

    /** Opens an instance that runs already. */
    public synchronized UUID runningInstance(String tenant, String name) {
        OrderView order = place(
                tenant,
                "running-" + name,
                new OrderRequest.Open("acd", "standard", name, new LoadProfile(10, 100, 60), Map.of(), null));
        Course course = the(courses, order.instanceId());
        course.attempt++;
        course.end();
        steady(order.instanceId(), order.loadProfile().map(World::tasks).orElseThrow());
        tell(course, OrderState.COMPLETED, "COMPLETED", "All tasks take calls.");
        return order.instanceId();
    }

    /** Makes an instance look stuck, as operators and tenants then see it. */
    public synchronized UUID stuckInstance(String tenant, String name) {
        UUID id = nextId();
        LoadProfile load = new LoadProfile(400, 12_000, 240);
        InstanceView instance = new InstanceView(
                id,
                tenant,
                name,
                "ivr",
                "standard",
                InstanceView.State.STUCK,
                "Waiting: no node has 2 cores free; the largest gap is 1.4.",
                load,
                Map.of(),
                List.of(),
                1,
                4,
                Instant.now(),
                Instant.now());
        instances.put(id, instance);
        Course course = new Course();
        course.begin(IMAGE, null, Optional.empty());
        courses.put(id, course);
        deployments.put(
                id,
                deployment(
                        instance, 4, 1, new DeploymentStatus.Stuck(1, 4, "no node has 2 cores free; largest gap 1.4")));
        return id;
    }

    private DeploymentView deployment(InstanceView instance, int wanted, int ready, DeploymentStatus status) {
        Course course = the(courses, instance.id());
        List<TaskView> tasks = IntStream.range(0, Math.min(wanted, ready + 1))
                .mapToObj(place -> task(instance, course, place, place < ready))
                .toList();
        return new DeploymentView(
                instance.id(),
                instance.tenant(),
                instance.name(),
                instance.serviceType(),
                course.image(),
                course.revision(),
                "process",
                wanted,
                Course.PER_TASK,
                "96 calls at once in the busy hour: 0.92 core = 0.20 fixed + 0.0061 × 96 + 0.13 margin (99.9 %).\n"
                        + wanted + " tasks carry it with one of them lost.",
                status,
                Instant.now(),
                tasks);
    }

    private static TaskView task(InstanceView instance, Course course, int place, boolean ready) {
        int number = course.number(place);
        return new TaskView(
                instance.name() + "-" + number,
                course.revision(),
                ready ? TaskView.State.READY : TaskView.State.STARTING,
                ready ? "answers its readiness check" : "starts; its readiness check does not answer yet",
                "127.0.0.1",
                Map.of("http", 20_100 + number),
                Instant.now().minusSeconds(number * 61L),
                number == 1 ? 1 : 0,
                ready ? Optional.of(new Usage(212 + 17 * number, 301 + number, Instant.now())) : Optional.empty(),
                Map.of());
    }

    private void put(
            InstanceView old, InstanceView.State state, String message, LoadProfile load, int ready, int wanted) {
        boolean reachable = ready > 0 || !old.addresses().isEmpty();
        List<Address> addresses = reachable && state != InstanceView.State.DELETED
                ? List.of(new Address(
                        "http",
                        PortSpec.Protocol.HTTP,
                        "http://" + old.name() + "." + old.tenant() + ".switchboard.localhost:8000"))
                : List.of();
        instances.put(
                old.id(),
                new InstanceView(
                        old.id(),
                        old.tenant(),
                        old.name(),
                        old.serviceType(),
                        old.plan(),
                        state,
                        message,
                        load,
                        old.parameters(),
                        addresses,
                        ready,
                        wanted,
                        old.createdAt(),
                        Instant.now()));
    }

    private static int tasks(LoadProfile load) {
        return 1 + (int) Math.max(1, Math.ceil(load.erlangs() / 100));
    }

    private static <T> T the(Map<UUID, T> all, UUID id) {
        return Objects.requireNonNull(all.get(id));
    }

    private UUID nextId() {
        return new UUID(0x0193_0000_0000_7000L + ++counter, 0x8000_0000_0000_0000L + counter);
    }
}
