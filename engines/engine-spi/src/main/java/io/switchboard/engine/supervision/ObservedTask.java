package io.switchboard.engine.supervision;

import java.util.Map;

/**
 * A task as its machine shows it, running or ended but not yet discarded.
 *
 * @param host where its ports are reached
 * @param ports by the name of the workload's port; may be empty once it has ended
 */
public record ObservedTask(Launch launch, String host, Map<String, Integer> ports, Condition condition) {

    public ObservedTask {
        ports = Map.copyOf(ports);
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
