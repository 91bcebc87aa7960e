package io.switchboard.capacity.plan;

/**
 * A machine with room for tasks.
 *
 * @param name how a person knows it
 * @param cpuMillis thousandths of a core that are free, 0 or more
 * @param memoryMib mebibytes that are free, 0 or more
 * @param overcommit how many times its CPU may be promised to several tasks together, because they seldom need it all at
 *     once, at least 1; memory never is
 */
public record Node(String name, int cpuMillis, int memoryMib, double overcommit) {

    public Node {
        if (cpuMillis < 0 || memoryMib < 0) {
            throw new IllegalArgumentException(
                    "cpuMillis and memoryMib must not be negative but were " + cpuMillis + ", " + memoryMib);
        }
        if (!(overcommit >= 1) || Double.isInfinite(overcommit)) {
            throw new IllegalArgumentException("overcommit must be at least 1 but was " + overcommit);
        }
    }

    public Node(String name, int cpuMillis, int memoryMib) {
        this(name, cpuMillis, memoryMib, 1);
    }

    /** How many equal tasks fit; exact, because equal tasks leave no choice of which to place. */
    long holds(TaskSize task) {
        if (task.cpuMillis() > cpuMillis) {
            return 0;
        }
        return Math.min((long) (cpuMillis * overcommit / task.cpuMillis()), memoryMib / task.memoryMib());
    }
}
