package io.switchboard.scheduling.autoscaling;

import io.switchboard.capacity.demand.DayShape;
import io.switchboard.contracts.scheduling.AutoscalingApi.Look;
import io.switchboard.contracts.scheduling.AutoscalingApi.Mode;
import io.switchboard.scheduling.capacity.OrderedCapacity;
import java.time.ZoneId;
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

    /** An order that came later may have other limits, so these give way. */
    int fewest(OrderedCapacity ordered) {
        return Math.min(Math.max(ordered.fewestTasks(), minTasks.orElse(0)), most(ordered));
    }

    /** Never beyond what the tenant's plan allows. */
    int most(OrderedCapacity ordered) {
        return Math.min(ordered.maxTasks(), maxTasks.orElse(ordered.tasks()));
    }
}
