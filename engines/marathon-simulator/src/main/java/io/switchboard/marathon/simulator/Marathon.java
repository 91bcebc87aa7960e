package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Cluster.Checked;
import io.switchboard.marathon.simulator.Cluster.Offer;
import io.switchboard.marathon.simulator.Cluster.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is wanted, what runs, and what brings the two together. Used under the simulator's lock. */
final class Marathon {

    private static final Duration SWEEP = Duration.ofSeconds(30);
    private static final Duration FIRST_SWEEP = Duration.ofSeconds(300);
    private static final Set<String> FAILURES =
            Set.of("TASK_FAILED", "TASK_LOST", "TASK_GONE", "TASK_DROPPED", "TASK_ERROR");

    private final Settings settings;
    private final Timeline timeline;
    private final Random random;
    private final EventBus events;
    private final Instances instances;
    private final LaunchQueue queue;
    private final Deployments deployments;
    private final HealthChecks checks;
    private final Map<String, ObjectNode> lastFailures = new HashMap<>();
    private final Map<String, Set<String>> refusedVersions = new HashMap<>();
    private final List<Tree> history = new ArrayList<>();
    private Tree tree;
    private final String firstVersion;
    private Instant lastVersion;

    Marathon(Settings settings, Timeline timeline, Function<Marathon, Cluster> cluster) {
        this.settings = settings;
        this.timeline = timeline;
        this.random = new Random(settings.seed());
        this.events = new EventBus(timeline);
        Cluster mesos = cluster.apply(this);
        this.instances = new Instances(timeline, events, mesos, random);
        this.tree = Tree.empty(Json.timestamp(timeline.now()));
        this.lastVersion = timeline.now();
        this.firstVersion = tree.version();
        this.queue = new LaunchQueue(timeline, instances, this::tree, random);
        this.deployments = new Deployments(instances, events);
        this.checks = new HealthChecks(timeline, events, instances, mesos, this);
        history.add(tree);
        lead();
    }

    /** What happens by itself while it leads. */
    private void lead() {
        timeline.in(FIRST_SWEEP, this::sweep);
    }

    Tree tree() {
        return tree;
    }

    EventBus events() {
        return events;
    }

    Instances instances() {
        return instances;
    }

    LaunchQueue queue() {
        return queue;
    }

    Deployments deployments() {
        return deployments;
    }

    Timeline timeline() {
        return timeline;
    }

    HealthChecks checks() {
        return checks;
    }

    List<Tree> history() {
        return history;
    }

    Optional<ObjectNode> lastFailure(String app) {
        return Optional.ofNullable(lastFailures.get(app));
    }

    /** Milliseconds, and later than any before. */
    String newVersion() {
        Instant now = timeline.now();
        lastVersion = now.isAfter(lastVersion) ? now : lastVersion.plusMillis(1);
        lastVersion = Instant.ofEpochMilli(lastVersion.toEpochMilli());
        return Json.timestamp(lastVersion);
    }

    String newId() {
        return new java.util.UUID(random.nextLong(), random.nextLong()).toString();
    }

    // --- changes of what is wanted

    /** Makes the tree the wanted one, at once; the plan says what is done about it. */
    Plan change(Tree target, String version, boolean force, String group) {
        Tree allotted = ServicePorts.allot(target);
        if (allotted.hasCycle()) {
            throw Refusal.senseless(List.of(new Refusal.Flaw("/", "Dependency graph has cyclic dependencies.")));
        }
        for (String spec : allotted.runSpecs()) {
            if (allotted.hasGroup(spec)) {
                throw Refusal.senseless(
                        List.of(new Refusal.Flaw("/", "Groups and Applications may not have the same identifier.")));
            }
        }
        Plan plan = Plan.of(newId(), version, tree, allotted);
        if (plan.steps().isEmpty() && tree.equals(allotted)) {
            noChange(plan, group);
            return plan;
        }
        admit(plan, force, group);
        keep(allotted);
        plan.affected().stream()
                .filter(spec -> allotted.runSpec(spec).isEmpty())
                .forEach(queue::forget);
        events.publish("group_change_success", Json.object("groupId", group).put("version", version));
        healthCheckEvents(plan);
        poison(plan);
        deployments.begin(plan);
        return plan;
    }

    /** A change that is reached by ending exactly these. */
    Plan kill(Tree target, String version, boolean force, Collection<Instance> victims) {
        Plan plan = Plan.of(newId(), version, tree, target);
        admit(plan, force, Ids.ROOT);
        keep(target);
        events.publish("group_change_success", Json.object("groupId", Ids.ROOT).put("version", version));
        for (Instance victim : victims) {
            instances.decommission(
                    victim, Deployments.grace(target.runSpec(victim.runSpec()).orElseGet(Json::object)));
        }
        deployments.begin(plan);
        return plan;
    }

    private void noChange(Plan plan, String group) {
        events.publish("group_change_success", Json.object("groupId", group).put("version", plan.version()));
        ObjectNode data = Json.object("id", plan.id());
        data.set("plan", plan.json());
        events.publish("deployment_success", data);
    }

    private void admit(Plan plan, boolean force, String group) {
        Set<String> locking = deployments.locking(plan.affected());
        if (!locking.isEmpty() && !force) {
            plan.affected()
                    .forEach(spec -> refusedVersions
                            .computeIfAbsent(spec, key -> new TreeSet<>())
                            .add(plan.version()));
            events.publish(
                    "group_change_failed",
                    Json.object("groupId", group).put("version", plan.version()).put("reason", Deployments.LOCKED));
            deployments.failed(plan, Deployments.LOCKED);
            ObjectNode body = Json.object("message", Deployments.LOCKED);
            ArrayNode array = body.putArray("deployments");
            locking.forEach(id -> array.addObject().put("id", id));
            throw new Refusal(Answer.json(409, body));
        }
        if (deployments.count() >= settings.maxDeployments() && !force) {
            throw new Refusal(Answer.message(
                    403,
                    "Max number (" + settings.maxDeployments() + ") of running deployments is achieved. Wait for"
                            + " existing deployments to complete or cancel one using force=true parameter. You can"
                            + " increase max deployment number by using --max_running_deployments parameter"));
        }
        locking.forEach(id -> deployments.cancel(id, "The upgrade has been cancelled"));
    }

    /** The root has a new version although nothing changed. */
    void keepVersion(String version) {
        if (!tree.version().equals(version)) {
            keep(tree.withVersion(version));
        }
    }

    private void keep(Tree next) {
        tree = next;
        history.add(next);
        if (history.size() > 500) {
            history.removeFirst();
        }
    }

    /** Its first offer kills the launch queue. */
    private void poison(Plan plan) {
        boolean resident = plan.affected().stream()
                .flatMap(spec -> plan.target().app(spec).stream())
                .anyMatch(AppDefaults::isResident);
        if (resident && !settings.principal()) {
            timeline.in(settings.reviveEvery(), () -> {
                queue.die(new Views(this).plain());
                instances.scheduleSilently();
            });
        }
    }

    private void healthCheckEvents(Plan plan) {
        for (String spec : plan.affected()) {
            for (JsonNode check :
                    plan.target().runSpec(spec).orElseGet(Json::object).path("healthChecks")) {
                ObjectNode data = Json.object("appId", spec);
                data.set("healthCheck", check.deepCopy());
                events.publish(
                        "add_health_check_event",
                        data.put("version", plan.target().configVersion(spec)));
            }
        }
    }

    /** Back to what was before the deployment. */
    Plan rollback(Plan deployment) {
        Tree reverted = tree;
        // Not that of the tree before: the one the root was born with.
        String version = firstVersion;
        for (String spec : deployment.affected()) {
            Optional<ObjectNode> before = deployment.original().app(spec);
            if (before.isPresent()) {
                ObjectNode again = before.get().deepCopy().put("version", version);
                again.put(Tree.CONFIG_VERSION, version);
                again.putObject("versionInfo").put("lastScalingAt", version).put("lastConfigChangeAt", version);
                reverted = reverted.withApp(again, version);
            } else {
                reverted = reverted.withoutRunSpec(spec, version);
            }
        }
        return change(reverted.withVersion(version), version, true, Ids.ROOT);
    }

    Set<String> refusedVersions(String app) {
        return refusedVersions.getOrDefault(app, Set.of());
    }

    // --- Mesos

    void offers(Collection<Offer> offers, Predicate<String> who) {
        offers.forEach(offer -> queue.match(offer, who));
        deployments.advance();
    }

    boolean wantsOffers() {
        return instances.all().stream().anyMatch(Instance::scheduled);
    }

    /** A pod's containers report each for itself. */
    void containerStatus(String instanceId, String container, Status status) {
        Optional<Instance> known = instances.byId(instanceId);
        Optional<ObjectNode> pod = known.flatMap(instance -> history.stream()
                .map(each -> each.pod(instance.runSpec()))
                .flatMap(Optional::stream)
                .reduce((first, second) -> second));
        if (known.isEmpty() || pod.isEmpty()) {
            unknown(status);
            return;
        }
        Instance.Task task = known.get().task();
        if (task != null) {
            task.containers().put(container, status.state());
            Pods.combined(pod.get(), task.containers())
                    .filter(state -> !state.equals(task.state()))
                    .ifPresent(state -> status(Status.of(known.get().taskId(), state, status.message())));
        }
    }

    void status(Status status) {
        Optional<Instance> known = instances.ofTask(status.taskId());
        if (known.isEmpty() || !known.get().taskId().equals(status.taskId())) {
            unknown(status);
            return;
        }
        Instance instance = known.get();
        if (instance.scheduled() && !instance.active()) {
            return;
        }
        String before = Instances.condition(instance);
        boolean wasInactive = instance.inactive();
        instance.update(status, timeline.now());
        instances.reported(instance, status);
        String after = Instances.condition(instance);
        if (!after.equals(before) && !(after.equals("Unreachable") && givesUpAtOnce(instance))) {
            instances.changed(instance, after);
        }
        if (instance.running()) {
            checks.running(instance, status, !before.equals("Running") || wasInactive);
        } else if (instance.unreachable() || status.state().equals("TASK_LOST")) {
            unreachable(instance, status);
        } else if (!instance.active()) {
            ended(instance, status);
        }
        deployments.advance();
    }

    private void unknown(Status status) {
        if (List.of("TASK_RUNNING", "TASK_STARTING", "TASK_STAGING").contains(status.state())) {
            checks.cluster().kill(status.taskId(), Duration.ofSeconds(3));
        } else {
            int attempt = status.taskId().lastIndexOf("._app.");
            String id = attempt < 0 ? status.taskId() : status.taskId().substring(0, attempt);
            int word = id.lastIndexOf(".instance-");
            ObjectNode data = Json.object("instanceId", id);
            data.put("runSpecId", "/" + id.substring(0, Math.max(0, word)).replace('_', '/'));
            data.put("condition", status.state().substring("TASK_".length()));
            events.publish("unknown_instance_terminated_event", data);
        }
    }

    private void ended(Instance instance, Status status) {
        checks.ended(instance);
        JsonNode spec = tree.runSpec(instance.runSpec()).orElseGet(Json::object);
        if (FAILURES.contains(status.state())) {
            lastFailure(instance, status.state(), status.message());
        }
        boolean resident = AppDefaults.isResident(spec);
        if (instance.decommissioned()) {
            if (resident && tree.app(instance.runSpec()).isPresent()) {
                return;
            }
            instances.remove(instance);
            return;
        }
        Instance.Task task = instance.task();
        instance.reschedule();
        if (task == null || !task.killing()) {
            queue.failed(instance.runSpec(), instance.configVersion(), spec, this::revive);
        } else {
            revive();
        }
    }

    void revive() {
        checks.cluster().revive();
    }

    void lastFailure(Instance instance, String state, String message) {
        Instance.Task task = java.util.Objects.requireNonNull(instance.task());
        ObjectNode failure = Json.object("appId", instance.runSpec())
                .put("host", task.agent().host());
        failure.put("message", message).put("state", state).put("taskId", instance.taskId());
        failure.put("timestamp", Json.timestamp(timeline.now())).put("version", instance.version());
        lastFailures.put(instance.runSpec(), failure.put("slaveId", task.agent().id()));
    }

    private void unreachable(Instance instance, Status status) {
        JsonNode spec = tree.runSpec(instance.runSpec()).orElseGet(Json::object);
        if (status.state().equals("TASK_LOST")) {
            lastFailure(instance, status.state(), status.message());
        }
        if (instance.decommissioned()) {
            instances.remove(instance);
            return;
        }
        expire(instance, spec.path("unreachableStrategy"));
    }

    private boolean givesUpAtOnce(Instance instance) {
        JsonNode strategy =
                tree.runSpec(instance.runSpec()).orElseGet(Json::object).path("unreachableStrategy");
        return strategy.isObject() && strategy.path("inactiveAfterSeconds").asInt(0) == 0;
    }

    private void expire(Instance instance, JsonNode strategy) {
        if (strategy.isString()) {
            return;
        }
        Instant since = instance.unreachableSince();
        Duration gone = Duration.between(since == null ? timeline.now() : since, timeline.now());
        if (gone.toSeconds() >= strategy.path("inactiveAfterSeconds").asLong(0) && !instance.inactive()) {
            instance.deactivate();
            instances.changed(instance, "UnreachableInactive");
            replaceLost(instance.runSpec());
        }
        if (gone.toSeconds() >= strategy.path("expungeAfterSeconds").asLong(0)) {
            instances.remove(instance);
        }
    }

    /** Schedules what the run spec lacks. */
    void replaceLost(String runSpec) {
        tree.runSpec(runSpec).ifPresent(spec -> deployments.scale(runSpec, tree.instances(runSpec), spec));
    }

    private void sweep() {
        for (Instance instance : instances.all()) {
            if (instance.unreachable()) {
                expire(
                        instance,
                        tree.runSpec(instance.runSpec()).orElseGet(Json::object).path("unreachableStrategy"));
            }
        }
        for (ObjectNode app : List.copyOf(tree.apps())) {
            String id = app.path("id").asString();
            if (deployments.of(id).isEmpty()) {
                replaceLost(id);
            }
        }
        deployments.advance();
        timeline.in(SWEEP, this::sweep);
    }

    // --- other acts

    /** Another Marathon process takes over: it knows what is stored, and nothing else. */
    void newLeader() {
        queue.forgetDelays();
        checks.restart();
        Collection<Plan> found = deployments.plans();
        timeline.in(Duration.ofSeconds(1), () -> deployments.finishWithoutLooking(found));
        checks.cluster().reconcile();
        revive();
    }

    /** The outcome of one of Marathon's own checks. */
    void checked(Instance instance, int check, Checked result) {
        checks.checked(instance, check, result);
        deployments.advance();
    }
}
