package io.switchboard.marathon.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Mesos, as Marathon uses it. What it does, it reports through {@link Marathon#offers} and {@link Marathon#status}. */
interface Cluster {

    /** Marathon wants offers: it has something to launch. */
    void revive();

    void launch(Launch launch);

    /** SIGTERM, then SIGKILL after the grace; a task that isn't known is reported as killed by the next status only. */
    void kill(String taskId, Duration grace);

    /** A new leader asks what runs; each task is reported again. */
    void reconcile();

    /** One of Marathon's own health or readiness checks of a task. */
    void check(String taskId, JsonNode check, Consumer<Checked> result);

    /**
     * @param cause in Marathon's words; empty if it passed
     * @param status of the HTTP answer; 0 if there was none
     */
    record Checked(boolean passed, String cause, int status, String body) {}

    /** @param attributes beside its name, region and zone */
    record Agent(String id, String host, String region, String zone, Map<String, String> attributes) {

        public Agent {
            attributes = Map.copyOf(attributes);
        }
    }

    /** @param ports first and last */
    record Offer(String id, Agent agent, double cpus, double memoryMib, double diskMib, PortRange ports) {}

    record PortRange(int first, int last) {

        int size() {
            return last - first + 1;
        }
    }

    /**
     * @param spec the app, complete
     * @param hostPorts one for each port definition, or each port mapping with a host port
     */
    record Launch(String taskId, String instanceId, JsonNode spec, Agent agent, List<Integer> hostPorts) {

        public Launch {
            hostPorts = List.copyOf(hostPorts);
        }
    }

    /**
     * @param healthy what Mesos' own check says; null if it says nothing
     * @param address the task's own, where it isn't its agent's
     */
    record Status(
            String taskId,
            String state,
            String message,
            @Nullable Boolean healthy,
            @Nullable String address) {

        static Status of(String taskId, String state, String message) {
            return new Status(taskId, state, message, null, null);
        }
    }
}
