package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Cluster.Agent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A place among a run spec's tasks: it outlives the tasks that fail in it. */
final class Instance {

    private static final Set<String> ACTIVE = Set.of("TASK_STAGING", "TASK_STARTING", "TASK_RUNNING");

    private final String id;
    private final String runSpec;
    private final String configVersion;
    private final String version;
    private final List<HealthRecord> health = new ArrayList<>();
    private final Instant since;
    private @Nullable Task task;
    private boolean scheduled = true;
    private boolean decommissioned;
    private boolean inactive;
    private @Nullable Instant unreachableSince;

    /** One start. */
    static final class Task {
        private final int attempt;
        private final Agent agent;
        private final List<Integer> ports;
        private final Instant stagedAt;
        private @Nullable Instant startedAt;
        private String state = "TASK_STAGING";
        private String address;
        private boolean killing;
        private final List<ObjectNode> readiness = new ArrayList<>();
        private final Map<String, String> containers = new TreeMap<>();

        Task(int attempt, Agent agent, List<Integer> ports, Instant stagedAt) {
            this.attempt = attempt;
            this.agent = agent;
            this.ports = List.copyOf(ports);
            this.stagedAt = stagedAt;
            this.address = agent.host();
        }

        Agent agent() {
            return agent;
        }

        List<Integer> ports() {
            return ports;
        }

        String state() {
            return state;
        }

        Instant stagedAt() {
            return stagedAt;
        }

        @Nullable
        Instant startedAt() {
            return startedAt;
        }

        boolean killing() {
            return killing;
        }

        void kill() {
            killing = true;
        }

        String address() {
            return address;
        }

        List<ObjectNode> readiness() {
            return readiness;
        }

        /** States of a pod's containers, by name. */
        Map<String, String> containers() {
            return containers;
        }
    }

    /**
     * @param configVersion of the run spec, but for its number
     * @param version of the run spec
     */
    Instance(String id, String runSpec, String configVersion, String version, Instant since) {
        this.id = id;
        this.runSpec = runSpec;
        this.configVersion = configVersion;
        this.version = version;
        this.since = since;
    }

    String id() {
        return id;
    }

    String runSpec() {
        return runSpec;
    }

    String configVersion() {
        return configVersion;
    }

    String version() {
        return version;
    }

    Instant since() {
        return since;
    }

    @Nullable
    Task task() {
        return task;
    }

    String taskId() {
        Task now = task;
        return id + "._app." + (now == null ? 1 : now.attempt);
    }

    /** Whether it waits for an offer. */
    boolean scheduled() {
        return scheduled && !decommissioned;
    }

    boolean decommissioned() {
        return decommissioned;
    }

    void decommission() {
        decommissioned = true;
    }

    boolean active() {
        Task now = task;
        return !scheduled && now != null && ACTIVE.contains(now.state);
    }

    boolean running() {
        Task now = task;
        return !scheduled && now != null && now.state.equals("TASK_RUNNING");
    }

    boolean staged() {
        Task now = task;
        return !scheduled && now != null && now.state.equals("TASK_STAGING");
    }

    boolean unreachable() {
        Task now = task;
        return now != null && now.state.equals("TASK_UNREACHABLE");
    }

    /** Unreachable for so long that another one takes its place. */
    boolean inactive() {
        return inactive;
    }

    void deactivate() {
        inactive = true;
    }

    @Nullable
    Instant unreachableSince() {
        return unreachableSince;
    }

    Task launch(Agent agent, List<Integer> ports, Instant at) {
        Task before = task;
        Task next = new Task(before == null ? 1 : before.attempt + 1, agent, ports, at);
        task = next;
        scheduled = false;
        return next;
    }

    void update(Cluster.Status status, Instant at) {
        Task now = task;
        if (now == null) {
            return;
        }
        now.state = status.state();
        String address = status.address();
        if (address != null) {
            now.address = address;
        }
        if (running()) {
            now.startedAt = now.startedAt == null ? at : now.startedAt;
            unreachableSince = null;
            inactive = false;
        } else if (unreachable()) {
            unreachableSince = unreachableSince == null ? at : unreachableSince;
        }
    }

    /** Waits for an offer again, after its task ended. */
    void reschedule() {
        scheduled = true;
    }

    List<HealthRecord> health() {
        return health;
    }

    /** @param checks the run spec's */
    boolean healthy(JsonNode checks) {
        return checks.isEmpty()
                || (health.size() >= 1
                        && health.stream().allMatch(HealthRecord::alive)
                        && health.stream().map(HealthRecord::check).distinct().count() >= countable(checks));
    }

    private static long countable(JsonNode checks) {
        return checks.size();
    }

    void forgetHealth() {
        health.clear();
    }

    HealthRecord health(int check) {
        for (HealthRecord record : health) {
            if (record.check() == check) {
                return record;
            }
        }
        HealthRecord fresh = new HealthRecord(check);
        health.add(fresh);
        health.sort(Comparator.comparingInt(HealthRecord::check));
        return fresh;
    }

    // --- as JSON

    /** @param servicePorts empty where the answer has none */
    ObjectNode json(JsonNode spec, ArrayNode servicePorts) {
        Task now = Objects.requireNonNull(task);
        boolean alive = active() || unreachable();
        ObjectNode json = Json.object("appId", runSpec);
        ArrayNode results = json.putArray("healthCheckResults");
        if (alive) {
            health.forEach(record -> results.add(record.json(id)));
        }
        json.put("host", now.agent.host());
        json.put("id", taskId());
        ArrayNode addresses = json.putArray("ipAddresses");
        if (!unreachable()) {
            addresses.addObject().put("ipAddress", now.address).put("protocol", "IPv4");
        }
        ArrayNode ports = json.putArray("ports");
        if (alive) {
            now.ports.forEach(ports::add);
        }
        json.set("servicePorts", servicePorts);
        json.put("slaveId", now.agent.id());
        json.put("state", now.state);
        if (alive) {
            json.put("stagedAt", Json.timestamp(now.stagedAt));
            Instant started = now.startedAt;
            if (started != null) {
                json.put("startedAt", Json.timestamp(started));
            }
            json.put("version", version);
        }
        json.set("localVolumes", localVolumes(spec));
        json.put("region", now.agent.region());
        json.put("zone", now.agent.zone());
        return json.put("role", spec.path("role").asString("*"));
    }

    private ArrayNode localVolumes(JsonNode spec) {
        ArrayNode volumes = Json.array();
        for (JsonNode volume : spec.path("container").path("volumes")) {
            if (volume.has("persistent")) {
                String path = volume.path("containerPath").asString();
                String uuid = UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8))
                        .toString();
                volumes.addObject()
                        .put("runSpecId", runSpec)
                        .put("containerPath", path)
                        .put("uuid", uuid)
                        .put("persistenceId", Ids.inTaskIds(runSpec) + "#" + path + "#" + uuid);
            }
        }
        return volumes;
    }
}
