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
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.contracts.scheduling.SchedulerApi.DeploymentView;
import io.switchboard.contracts.scheduling.SchedulerApi.TaskView;
import io.switchboard.contracts.scheduling.SchedulerApi.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Orders, instances and deployments, and how an order gets on: one step every {@link #STEP}. */
public class World implements AutoCloseable {

    static final Duration STEP = Duration.ofMillis(350);
    private static final String IMAGE = "platform/acd@sha256:9f2c1d0b7e5a";

    private final Map<UUID, OrderView> orders = new LinkedHashMap<>();
    private final Map<UUID, InstanceView> instances = new LinkedHashMap<>();
    private final Map<UUID, DeploymentView> deployments = new LinkedHashMap<>();
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
        switch (order.kind()) {
            case OPEN, EXTEND, UPGRADE, RESTART -> rollOut(order);
            case DELETE -> remove(order);
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
        UUID instanceId = nextId();
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

    private void rollOut(OrderView order) {
        UUID instanceId = order.instanceId();
        int wanted = tasks(the(instances, instanceId).loadProfile());
        List<Runnable> plan = new ArrayList<>();
        plan.add(() -> note(
                order.id(),
                OrderState.IN_PROGRESS,
                "PLANNED",
                wanted + " tasks of 0.50 core and 512 MiB: 96 calls at once need 0.92 core = 0.20 fixed + 0.0061 × 96"
                        + " + 13 % margin; one task to spare."));
        for (int ready = 0; ready <= wanted; ready++) {
            int now = ready;
            plan.add(() -> {
                deploy(instanceId, wanted, now);
                note(
                        order.id(),
                        OrderState.IN_PROGRESS,
                        "ROLLING_OUT",
                        now + " of " + wanted + " tasks are ready" + (now == wanted ? "." : "; the next one starts."));
            });
        }
        plan.add(() -> {
            steady(instanceId, wanted);
            note(order.id(), OrderState.COMPLETED, "COMPLETED", "All " + wanted + " tasks take calls.");
        });
        inSteps(plan);
    }

    private void remove(OrderView order) {
        UUID id = order.instanceId();
        inSteps(List.of(
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
                },
                () -> {
                    InstanceView instance = the(instances, id);
                    put(instance, InstanceView.State.DELETED, "Gone.", instance.loadProfile(), 0, 0);
                    deployments.remove(id);
                    note(order.id(), OrderState.COMPLETED, "REMOVED", "Its tasks, routes and addresses are gone.");
                }));
    }

    private void inSteps(List<Runnable> plan) {
        for (int step = 0; step < plan.size(); step++) {
            Runnable act = plan.get(step);
            steps.schedule(() -> locked(act), STEP.toMillis() * (step + 1), TimeUnit.MILLISECONDS);
        }
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
        deployments.put(
                id,
                deployment(
                        instance, 4, 1, new DeploymentStatus.Stuck(1, 4, "no node has 2 cores free; largest gap 1.4")));
        return id;
    }

    private static DeploymentView deployment(InstanceView instance, int wanted, int ready, DeploymentStatus status) {
        List<TaskView> tasks = IntStream.range(0, Math.min(wanted, ready + 1))
                .mapToObj(number -> task(instance, number, number < ready))
                .toList();
        return new DeploymentView(
                instance.id(),
                instance.tenant(),
                instance.name(),
                instance.serviceType(),
                IMAGE,
                1,
                "process",
                wanted,
                new Resources(500, 512),
                "96 calls at once in the busy hour: 0.92 core = 0.20 fixed + 0.0061 × 96 + 0.13 margin (99.9 %).\n"
                        + wanted + " tasks carry it with one of them lost.",
                status,
                Instant.now(),
                tasks);
    }

    private static TaskView task(InstanceView instance, int number, boolean ready) {
        return new TaskView(
                instance.name() + "-" + number,
                1,
                ready ? TaskView.State.READY : TaskView.State.STARTING,
                ready ? "answers its readiness check" : "starts; its readiness check does not answer yet",
                "127.0.0.1",
                Map.of("http", 20_100 + number),
                Instant.now().minusSeconds(number * 61L),
                number == 1 ? 1 : 0,
                ready ? Optional.of(new Usage(212 + 17 * number, 301 + number, Instant.now())) : Optional.empty());
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
