package io.switchboard.capacity.plan;

/**
 * A machine with room for tasks.
 *
 * @param name how a person knows it
 * @param cpuMillis thousandths of a core that are free, 0 or more
 * @param memoryMib mebibytes that are free, 0 or more
 */
public record Node(String name, int cpuMillis, int memoryMib) {

    public Node {
        if (cpuMillis < 0 || memoryMib < 0) {
            throw new IllegalArgumentException(
                    "cpuMillis and memoryMib must not be negative but were " + cpuMillis + ", " + memoryMib);
        }
    }

    /** How many equal tasks fit; exact, because equal tasks leave no choice of which to place. */
    long holds(TaskSize task) {
        return Math.min(cpuMillis / task.cpuMillis(), memoryMib / task.memoryMib());
    }
}
