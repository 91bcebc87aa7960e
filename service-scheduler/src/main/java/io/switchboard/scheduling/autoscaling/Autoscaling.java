package io.switchboard.scheduling.autoscaling;

import io.switchboard.capacity.demand.DayShape;
import io.switchboard.contracts.scheduling.AutoscalingApi.Look;
import io.switchboard.contracts.scheduling.AutoscalingApi.Mode;
import io.switchboard.scheduling.capacity.OrderedCapacity;
import java.time.ZoneId;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * What was said about an instance's tasks following its load.
 *
 * @param minTasks spare ones included; empty: what the plan allows
 * @param maxTasks empty: what was ordered
 * @param shape how the ordered load spreads; empty if that isn't known
 * @param last what the last look said
 */
record Autoscaling(
        Mode mode,
        Optional<Integer> minTasks,
        Optional<Integer> maxTasks,
        Optional<DayShape> shape,
        ZoneId timeZone,
        Optional<Look> last) {

    private static final int HALF_HOURS_A_DAY = 48;

    static final Autoscaling OFF = new Autoscaling(
            Mode.OFF, Optional.empty(), Optional.empty(), Optional.empty(), ZoneId.of("UTC"), Optional.empty());

    /** For those who ask later, as "autoscaling that acts, at least 2 tasks, load spread over a day in UTC". */
    String words() {
        if (mode == Mode.OFF) {
            return "no autoscaling";
        }
        var words = new StringJoiner(", ");
        words.add(mode == Mode.ACT ? "autoscaling that acts" : "autoscaling that recommends");
        minTasks.ifPresent(least -> words.add("at least %d %s".formatted(least, least == 1 ? "task" : "tasks")));
        maxTasks.ifPresent(most -> words.add("at most %d %s".formatted(most, most == 1 ? "task" : "tasks")));
        shape.ifPresent(spread -> words.add("load spread over a %s in %s"
                .formatted(spread.factors().size() == HALF_HOURS_A_DAY ? "day" : "week", timeZone)));
        return words.toString();
    }

    /** Whether the same was said, whatever the last look found. */
    boolean saysTheSameAs(Autoscaling other) {
        return mode == other.mode
                && minTasks.equals(other.minTasks)
                && maxTasks.equals(other.maxTasks)
                && shape.equals(other.shape)
                && timeZone.equals(other.timeZone);
    }

    /** An order that came later may have other limits, so these give way. */
    int fewest(OrderedCapacity ordered) {
        return Math.min(Math.max(ordered.fewestTasks(), minTasks.orElse(0)), most(ordered));
    }

    /** Never beyond what the tenant's plan allows. */
    int most(OrderedCapacity ordered) {
        return Math.min(ordered.maxTasks(), maxTasks.orElse(ordered.tasks()));
    }
}
