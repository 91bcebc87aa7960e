package io.switchboard.capacity.plan;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What one task does, and what it takes and gets whatever the models say.
 *
 * @param parts kinds of work that a task does beside one another, at least one
 * @param baseCpuMillis what a task takes beyond what the models know, in thousandths of a core, 0 or more
 * @param baseMemoryMib likewise in mebibytes, 0 or more
 * @param mostCalls calls that a task gets at most, more than 0, also where more were measured
 */
public record TaskWork(List<Part> parts, int baseCpuMillis, int baseMemoryMib, double mostCalls) {

    public TaskWork {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a task must do some work, but there is no part");
        }
        if (baseCpuMillis < 0 || baseMemoryMib < 0) {
            throw new IllegalArgumentException("baseCpuMillis and baseMemoryMib must not be negative but were "
                    + baseCpuMillis + ", " + baseMemoryMib);
        }
        if (!(mostCalls > 0)) {
            throw new IllegalArgumentException("mostCalls must be greater than 0 but was " + mostCalls);
        }
    }

    /** A task that does nothing else and takes nothing beyond what was measured. */
    public static TaskWork of(Part part) {
        return new TaskWork(List.of(part), 0, 0, Double.POSITIVE_INFINITY);
    }

    /** Calls that a plan gives a task at most: no part more than it was measured with. */
    double limit() {
        return parts.stream().mapToDouble(Part::mostCalls).reduce(mostCalls, Math::min);
    }

    @Override
    public String toString() {
        return parts.stream().map(Part::toString).collect(Collectors.joining(" + "));
    }
}
