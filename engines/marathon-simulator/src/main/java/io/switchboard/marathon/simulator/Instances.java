package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Cluster.Agent;
import io.switchboard.marathon.simulator.Cluster.Launch;
import io.switchboard.marathon.simulator.Cluster.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** All instances, and what they tell the event stream. */
final class Instances {

    private final Timeline timeline;
    private final EventBus events;
    private final Cluster cluster;
    private final Random random;
    private final Map<String, Map<String, Instance>> bySpec = new LinkedHashMap<>();
    private boolean silent;

    Instances(Timeline timeline, EventBus events, Cluster cluster, Random random) {
        this.timeline = timeline;
        this.events = events;
        this.cluster = cluster;
        this.random = random;
    }

    Collection<Instance> of(String runSpec) {
        return List.copyOf(bySpec.getOrDefault(runSpec, Map.of()).values());
    }

    Collection<Instance> all() {
        return bySpec.values().stream().flatMap(map -> map.values().stream()).toList();
    }

    Optional<Instance> ofTask(String taskId) {
        int attempt = taskId.lastIndexOf("._app.");
        return attempt < 0 ? Optional.empty() : byId(taskId.substring(0, attempt));
    }

    Optional<Instance> byId(String instanceId) {
        for (Map<String, Instance> instances : bySpec.values()) {
            Instance instance = instances.get(instanceId);
            if (instance != null) {
                return Optional.of(instance);
            }
        }
        return Optional.empty();
    }

    /** Those that are meant to stay. */
    List<Instance> staying(String runSpec) {
        return of(runSpec).stream()
                .filter(instance -> !instance.decommissioned() && !instance.inactive())
                .toList();
    }

    Instance schedule(String runSpec, JsonNode spec) {
        String id = Ids.inTaskIds(runSpec) + ".instance-" + uuid();
        Instance instance = new Instance(
                id, runSpec, Tree.configVersion(spec), spec.path("version").asString(), timeline.now());
        bySpec.computeIfAbsent(runSpec, key -> new LinkedHashMap<>()).put(id, instance);
        if (!silent) {
            changed(instance, "Scheduled");
        }
        cluster.revive();
        return instance;
    }

    /** As when nobody takes on what is scheduled. */
    void scheduleSilently() {
        silent = true;
    }

    private String uuid() {
        return "%08x-%04x-11f1-%04x-%012x"
                .formatted(
                        random.nextInt(),
                        random.nextInt(1 << 16),
                        0x8000 | random.nextInt(1 << 14),
                        random.nextLong() & 0xffff_ffff_ffffL);
    }

    void launch(Instance instance, JsonNode spec, Agent agent, List<Integer> ports) {
        instance.launch(agent, ports, timeline.now());
        changed(instance, "Provisioned");
        cluster.launch(new Launch(instance.taskId(), instance.id(), spec, agent, ports));
    }

    Set<Integer> portsInUse(Agent agent) {
        Set<Integer> taken = new HashSet<>();
        for (Instance instance : all()) {
            Instance.Task task = instance.task();
            if (task != null
                    && (instance.active() || instance.unreachable())
                    && task.agent().equals(agent)) {
                taken.addAll(task.ports());
            }
        }
        return taken;
    }

    List<Agent> agents(String runSpec) {
        List<Agent> agents = new ArrayList<>();
        for (Instance instance : of(runSpec)) {
            Instance.Task task = instance.task();
            if (instance.active() && task != null) {
                agents.add(task.agent());
            }
        }
        return agents;
    }

    /** Which ones go when there are too many: those without a task first, then by the run spec's choice. */
    static List<Instance> victims(Collection<Instance> instances, int count, String killSelection) {
        Comparator<Instance> byAge = Comparator.comparing(Instances::age);
        return instances.stream()
                .sorted(Comparator.comparing(Instance::active)
                        .thenComparing(killSelection.equals("OLDEST_FIRST") ? byAge : byAge.reversed()))
                .limit(Math.max(0, count))
                .toList();
    }

    private static Instant age(Instance instance) {
        Instance.Task task = instance.task();
        Instant started = task == null ? null : task.startedAt();
        return started == null ? instance.since().plus(Duration.ofDays(1)) : started;
    }

    /** Ends it for good. */
    void decommission(Instance instance, Duration grace) {
        if (instance.decommissioned()) {
            return;
        }
        instance.decommission();
        changed(instance, condition(instance));
        kill(instance, grace);
        if (!instance.active()) {
            remove(instance);
        }
    }

    /** Forgets it at once, whatever becomes of its task. */
    void wipe(Instance instance, Duration grace) {
        changed(instance, condition(instance));
        kill(instance, grace);
        remove(instance);
        if (instance.task() != null) {
            changed(instance, "Killed");
        }
    }

    void kill(Instance instance, Duration grace) {
        Instance.Task task = instance.task();
        if (instance.active() && task != null) {
            task.kill();
            cluster.kill(instance.taskId(), grace);
        }
    }

    void remove(Instance instance) {
        Map<String, Instance> siblings = bySpec.get(instance.runSpec());
        if (siblings != null) {
            siblings.remove(instance.id());
            if (siblings.isEmpty()) {
                bySpec.remove(instance.runSpec());
            }
        }
    }

    // --- events

    static String condition(Instance instance) {
        Instance.Task task = instance.task();
        if (task == null
                || instance.scheduled() && !instance.active() && task.state().equals("TASK_STAGING")) {
            return "Scheduled";
        }
        if (instance.inactive()) {
            return "UnreachableInactive";
        }
        return switch (task.state()) {
            case "TASK_STAGING" -> "Provisioned";
            case "TASK_LOST" -> "Unreachable";
            default -> {
                String word = task.state().substring("TASK_".length());
                yield word.charAt(0) + word.substring(1).toLowerCase(java.util.Locale.ROOT);
            }
        };
    }

    void changed(Instance instance, String condition) {
        Instance.@Nullable Task task = instance.task();
        ObjectNode data = Json.object("instanceId", instance.id()).put("condition", condition);
        data.put("runSpecId", instance.runSpec());
        data.put("agentId", task == null ? null : task.agent().id());
        data.put("host", task == null ? null : task.agent().host());
        data.put("runSpecVersion", instance.version());
        events.publish("instance_changed_event", data);
    }

    void reported(Instance instance, Status status) {
        Instance.Task task = instance.task();
        if (task == null) {
            return;
        }
        ObjectNode data = Json.object("slaveId", task.agent().id()).put("taskId", status.taskId());
        data.put("taskStatus", status.state()).put("message", status.message());
        data.put("appId", instance.runSpec()).put("host", task.agent().host());
        data.putArray("ipAddresses")
                .addObject()
                .put("ipAddress", task.address())
                .put("protocol", "IPv4");
        var ports = data.putArray("ports");
        task.ports().forEach(ports::add);
        events.publish("status_update_event", data.put("version", instance.version()));
    }

    void healthChanged(Instance instance, @Nullable Boolean healthy) {
        ObjectNode data = Json.object("instanceId", instance.id()).put("runSpecId", instance.runSpec());
        data.put("healthy", healthy).put("runSpecVersion", instance.version());
        events.publish("instance_health_changed_event", data);
    }
}
