package io.switchboard.engine;

import java.time.Instant;
import java.util.Map;

/**
 * One running copy of a workload.
 *
 * @param id unique over all workloads, engines and time
 * @param host where its ports are reached from the control plane and the balancer
 * @param ports by the name of the workload's port
 * @param state what the engine last saw
 * @param message the state in plain words, for example why it was restarted
 * @param restarts starts after the first that this place among the workload's tasks has needed
 * @param media the ports for media that it holds on its host, by the name of the workload's port
 */
public record Task(
        String id,
        String host,
        Map<String, Integer> ports,
        State state,
        String message,
        Instant startedAt,
        int restarts,
        Map<String, PortRange> media) {

    /** One without ports for media. */
    public Task(
            String id,
            String host,
            Map<String, Integer> ports,
            State state,
            String message,
            Instant startedAt,
            int restarts) {
        this(id, host, ports, state, message, startedAt, restarts, Map.of());
    }

    public Task {
        ports = Map.copyOf(ports);
        media = Map.copyOf(media);
    }

    public enum State {
        /** Runs, not ready yet, or waits for its back-off. */
        STARTING,
        READY,
        /** Was ready and fails its health check. */
        UNHEALTHY,
        /** Told to stop, not gone yet. */
        STOPPING
    }
}
