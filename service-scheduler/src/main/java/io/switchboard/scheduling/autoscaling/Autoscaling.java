package io.switchboard.scheduling.autoscaling;

import io.switchboard.capacity.demand.DayShape;
import io.switchboard.contracts.scheduling.AutoscalingApi.Look;
import io.switchboard.contracts.scheduling.AutoscalingApi.Mode;
import io.switchboard.scheduling.capacity.OrderedCapacity;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Optional;

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

    static final Autoscaling OFF = new Autoscaling(
            Mode.OFF, Optional.empty(), Optional.empty(), Optional.empty(), ZoneId.of("UTC"), Optional.empty());

    /** For those who ask later: {@code autoscaling that acts, at least 2 tasks, the load of a day in UTC}. */
    String words() {
        var words = new ArrayList<String>();
        words.add(
                switch (mode) {
                    case OFF -> "no autoscaling";
                    case RECOMMEND -> "autoscaling that recommends";
                    case ACT -> "autoscaling that acts";
                });
        minTasks.ifPresent(least -> words.add("at least " + least + (least == 1 ? " task" : " tasks")));
        maxTasks.ifPresent(most -> words.add("at most " + most + (most == 1 ? " task" : " tasks")));
        shape.ifPresent(spread -> words.add(
                "the load of a %s in %s".formatted(spread.factors().size() == 48 ? "day" : "week", timeZone)));
        return String.join(", ", words);
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
