package io.switchboard.capacity.plan;

/**
 * What one task may use at most.
 *
 * @param cpuMillis thousandths of a core, at least 1
 * @param memoryMib mebibytes, at least 16
 */
public record TaskSize(int cpuMillis, int memoryMib) {

    /** The share of a task's CPU that its mean use stays below, so that it stays clear of the knee. */
    public static final double CLEAR = 0.65;

    public TaskSize {
        if (cpuMillis < 1) {
            throw new IllegalArgumentException("cpuMillis must be at least 1 but was " + cpuMillis);
        }
        if (memoryMib < 16) {
            throw new IllegalArgumentException("memoryMib must be at least 16 but was " + memoryMib);
        }
    }
}
