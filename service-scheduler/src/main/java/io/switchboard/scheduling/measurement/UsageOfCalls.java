package io.switchboard.scheduling.measurement;

import io.switchboard.engine.Usage;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Leaves out what is measured while a task starts, and what is too old to go by.
 *
 * @param looks gives what was last measured, by task id
 */
record UsageOfCalls(Supplier<Function<String, Optional<Usage>>> looks, MeasurementProperties properties, Clock clock)
        implements TaskUsage {

    @Override
    public Look look() {
        var measured = looks.get();
        var oldest = clock.instant().minus(properties.maxAge());
        return task -> {
            var warm = task.startedAt().plus(properties.warmUp());
            return measured.apply(task.id())
                    .filter(usage -> !usage.at().isBefore(oldest) && !usage.at().isBefore(warm));
        };
    }
}
