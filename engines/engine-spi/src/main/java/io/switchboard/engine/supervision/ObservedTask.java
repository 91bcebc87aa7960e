package io.switchboard.engine.supervision;

import io.switchboard.engine.PortRange;
import java.util.Map;

/**
 * A task as its machine shows it, running or ended but not yet discarded.
 *
 * @param host where its ports are reached
 * @param ports by the name of the workload's port; may be empty once it has ended
 * @param media the ports for media that it holds, by the name of the workload's port
 */
public record ObservedTask(
        Launch launch, String host, Map<String, Integer> ports, Map<String, PortRange> media, Condition condition) {

    /** One without ports for media. */
    public ObservedTask(Launch launch, String host, Map<String, Integer> ports, Condition condition) {
        this(launch, host, ports, Map.of(), condition);
    }

    public ObservedTask {
        ports = Map.copyOf(ports);
        media = Map.copyOf(media);
    }

    public String id() {
        return launch.taskId();
    }

    public boolean ended() {
        return condition instanceof Ended;
    }

    public sealed interface Condition {}

    public record Alive() implements Condition {}

    /** Runs, but breaks a limit, and must be killed. */
    public record Offending(String why) implements Condition {}

    /** Nothing of it runs any more. */
    public record Ended(String why) implements Condition {}
}
