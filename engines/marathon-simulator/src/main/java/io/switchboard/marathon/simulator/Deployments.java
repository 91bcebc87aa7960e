package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Plan.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Plans that are being carried out, each one step after another. */
final class Deployments {

    static final String LOCKED = "App is locked by one or more deployments. Override with the option '?force=true'."
            + " View details at '/v2/deployments/<DEPLOYMENT_ID>'.";

    private static final class Running {
        private final Plan plan;
        private final Set<String> ended = new HashSet<>();
        private int step;
        private boolean begun;

        private Running(Plan plan) {
            this.plan = plan;
        }

        private Optional<Plan.Step> current() {
            return step < plan.steps().size() ? Optional.of(plan.steps().get(step)) : Optional.empty();
        }
    }

    private final Instances instances;
    private final EventBus events;
    private final Map<String, Running> running = new LinkedHashMap<>();
    private boolean advancing;
    private boolean again;

    Deployments(Instances instances, EventBus events) {
        this.instances = instances;
        this.events = events;
    }

    int count() {
        return running.size();
    }

    Collection<Plan> plans() {
        return running.values().stream().map(each -> each.plan).toList();
    }

    Optional<Plan> plan(String id) {
        return Optional.ofNullable(running.get(id)).map(each -> each.plan);
    }

    /** Ids of the deployments that have to do with the run spec. */
    List<String> of(String runSpec) {
        return running.values().stream()
                .map(each -> each.plan)
                .filter(plan -> plan.affected().contains(runSpec))
                .map(Plan::id)
                .toList();
    }

    Set<String> locking(Collection<String> runSpecs) {
        Set<String> ids = new LinkedHashSet<>();
        for (Running each : running.values()) {
            if (each.plan.affected().stream().anyMatch(runSpecs::contains)) {
                ids.add(each.plan.id());
            }
        }
        return ids;
    }

    void begin(Plan plan) {
        running.put(plan.id(), new Running(plan));
        advance();
    }

    void cancel(String id, String why) {
        Running cancelled = running.remove(id);
        if (cancelled != null) {
            failed(cancelled.plan, why);
        }
    }

    void failed(Plan plan, String why) {
        ObjectNode data = Json.object("id", plan.id());
        data.set("plan", plan.json());
        events.publish("deployment_failed", data.put("reason", why));
    }

    /** As a new leader does with those it finds: what was only scheduled counts as started. */
    void finishWithoutLooking(Collection<Plan> found) {
        for (Plan plan : found) {
            Running each = running.remove(plan.id());
            if (each == null) {
                continue;
            }
            for (; each.current().isPresent(); each.step++) {
                step("deployment_step_success", each.plan, each.current().get());
            }
            success(each.plan);
        }
    }

    /** Looks at every deployment again; repeated until nothing moves. */
    void advance() {
        again = true;
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            while (again) {
                again = false;
                List.copyOf(running.values()).forEach(this::advance);
            }
        } finally {
            advancing = false;
        }
    }

    private void advance(Running deployment) {
        while (running.containsKey(deployment.plan.id())) {
            Optional<Plan.Step> step = deployment.current();
            if (step.isEmpty()) {
                running.remove(deployment.plan.id());
                success(deployment.plan);
                return;
            }
            if (!deployment.begun) {
                deployment.begun = true;
                step("deployment_info", deployment.plan, step.get());
                step.get().actions().forEach(action -> act(deployment.plan, action));
            }
            step.get().actions().stream()
                    .filter(action -> action.kind() == Plan.Kind.RESTART)
                    .forEach(action -> replace(deployment.plan, action));
            if (!step.get().actions().stream().allMatch(action -> done(deployment, action))) {
                return;
            }
            step("deployment_step_success", deployment.plan, step.get());
            deployment.step++;
            deployment.begun = false;
        }
    }

    private void success(Plan plan) {
        ObjectNode data = Json.object("id", plan.id());
        data.set("plan", plan.json());
        events.publish("deployment_success", data);
    }

    private void step(String type, Plan plan, Plan.Step step) {
        ObjectNode data = Json.object();
        data.set("plan", plan.json());
        data.set("currentStep", step.json());
        events.publish(type, data);
    }

    // --- actions

    private void act(Plan plan, Action action) {
        String spec = action.runSpec();
        switch (action.kind()) {
            case START, RESTART -> {}
            case SCALE -> scale(spec, plan.target().instances(spec), spec(plan, spec));
            case STOP -> {
                Duration grace = grace(spec(plan, spec));
                instances.of(spec).forEach(instance -> instances.decommission(instance, grace));
            }
        }
    }

    private static JsonNode spec(Plan plan, String runSpec) {
        return plan.target()
                .runSpec(runSpec)
                .or(() -> plan.original().runSpec(runSpec))
                .orElseGet(Json::object);
    }

    static Duration grace(JsonNode spec) {
        return Duration.ofSeconds(spec.path("taskKillGracePeriodSeconds").asInt(3));
    }

    void scale(String runSpec, int wanted, JsonNode spec) {
        List<Instance> staying = instances.staying(runSpec);
        for (int n = staying.size(); n < wanted; n++) {
            instances.schedule(runSpec, spec);
        }
        Instances.victims(
                        staying,
                        staying.size() - wanted,
                        spec.path("killSelection").asString("YOUNGEST_FIRST"))
                .forEach(instance -> instances.decommission(instance, grace(spec)));
    }

    private boolean done(Running deployment, Action action) {
        Plan plan = deployment.plan;
        String runSpec = action.runSpec();
        return switch (action.kind()) {
            case START -> true;
            case STOP -> {
                boolean gone = instances.of(runSpec).isEmpty();
                if (gone && deployment.ended.add(runSpec)) {
                    events.publish("app_terminated_event", Json.object("appId", runSpec));
                }
                yield gone;
            }
            case SCALE, RESTART -> {
                long ready = instances.staying(runSpec).stream()
                        .filter(instance -> ready(instance, spec(plan, runSpec)))
                        .count();
                boolean leaving = instances.of(runSpec).stream()
                        .anyMatch(instance -> instance.decommissioned() && instance.active());
                boolean old = action.kind() == Plan.Kind.RESTART
                        && instances.staying(runSpec).stream()
                                .anyMatch(instance -> !instance.configVersion()
                                        .equals(plan.target().configVersion(runSpec)));
                yield ready >= plan.target().instances(runSpec) && !leaving && !old;
            }
        };
    }

    static boolean ready(Instance instance, JsonNode spec) {
        Instance.Task task = instance.task();
        return task != null
                && instance.running()
                && instance.healthy(spec.path("healthChecks"))
                && (spec.path("readinessChecks").isEmpty()
                        || task.readiness().stream()
                                .anyMatch(each -> each.path("ready").asBoolean()));
    }

    /** Starts new ones as far as there is room, and ends old ones as far as they aren't needed. */
    private void replace(Plan plan, Action action) {
        String runSpec = action.runSpec();
        JsonNode spec = spec(plan, runSpec);
        int wanted = plan.target().instances(runSpec);
        String version = plan.target().configVersion(runSpec);
        JsonNode strategy = spec.path("upgradeStrategy");
        int least =
                (int) Math.ceil(wanted * strategy.path("minimumHealthCapacity").asDouble(1));
        int most = (int)
                Math.floor(wanted * (1 + strategy.path("maximumOverCapacity").asDouble(1)));
        if (most == least && most == wanted) {
            most++;
        }
        List<Instance> old = new ArrayList<>();
        List<Instance> fresh = new ArrayList<>();
        for (Instance instance : instances.staying(runSpec)) {
            (instance.configVersion().equals(version) ? fresh : old).add(instance);
        }
        String selection = spec.path("killSelection").asString("YOUNGEST_FIRST");
        Set<Instance> leaving = new HashSet<>();
        long ready = old.stream().filter(instance -> ready(instance, spec)).count()
                + fresh.stream().filter(instance -> ready(instance, spec)).count();
        long readyNew = fresh.stream().filter(instance -> ready(instance, spec)).count();
        for (Instance instance : Instances.victims(old, old.size(), selection)) {
            boolean carries = ready(instance, spec);
            // One old one for each new one that is ready, or as capacity allows; what never started goes at once.
            boolean replaced = old.size() - leaving.size() > wanted - readyNew;
            if (instance.task() == null || replaced || carries && ready > least) {
                ready -= carries ? 1 : 0;
                leaving.add(instance);
            }
        }
        leaving.forEach(instance -> instances.decommission(instance, grace(spec)));
        int alive = instances.of(runSpec).size();
        for (int n = fresh.size(); n < wanted && alive < most; n++, alive++) {
            instances.schedule(runSpec, spec);
        }
        Instances.victims(fresh, fresh.size() - wanted, "YOUNGEST_FIRST")
                .forEach(instance -> instances.decommission(instance, grace(spec)));
    }

    // --- as JSON

    ArrayNode json() {
        ArrayNode array = Json.array();
        for (Running each : running.values()) {
            ObjectNode json = array.addObject().put("id", each.plan.id());
            json.set("steps", each.plan.stepsJson());
            json.put("version", each.plan.version());
            ArrayNode apps = json.putArray("affectedApps");
            ArrayNode pods = json.putArray("affectedPods");
            for (String spec : each.plan.affected()) {
                boolean pod =
                        each.plan.target().isPod(spec) || each.plan.original().isPod(spec);
                (pod ? pods : apps).add(spec);
            }
            ArrayNode current = json.putArray("currentActions");
            each.current()
                    .ifPresent(step -> step.actions().forEach(action -> {
                        ObjectNode shown = action.json();
                        shown.set("readinessCheckResults", readiness(action.runSpec()));
                        current.add(shown);
                    }));
            json.put("currentStep", each.step + 1)
                    .put("totalSteps", each.plan.steps().size());
        }
        return array;
    }

    /** Only while a deployment looks at them. */
    ArrayNode readiness(String runSpec) {
        ArrayNode results = Json.array();
        if (!of(runSpec).isEmpty()) {
            for (Instance instance : instances.of(runSpec)) {
                Instance.Task task = instance.task();
                if (task != null) {
                    task.readiness().forEach(results::add);
                }
            }
        }
        return results;
    }
}
