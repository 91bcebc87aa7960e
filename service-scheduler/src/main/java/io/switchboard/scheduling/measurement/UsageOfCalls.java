package io.switchboard.scheduling.measurement;

import java.time.Clock;
import java.util.Optional;

/**
 * Leaves out what is measured while a task starts, and what is too old to go by.
 *
 * @param source of the figures; empty where nothing measures
 */
record UsageOfCalls(Optional<Source> source, MeasurementProperties properties, Clock clock) implements TaskUsage {

    @Override
    public boolean isMeasured() {
        return source.isPresent();
    }

    @Override
    public Latest latest() {
        return source.map(Source::latest).map(this::ofCalls).orElse(task -> Optional.empty());
    }

    private Latest ofCalls(Latest latest) {
        var oldest = clock.instant().minus(properties.maxAge());
        return task -> {
            var warm = task.startedAt().plus(properties.warmUp());
            return latest.of(task)
                    .filter(usage -> !usage.at().isBefore(oldest) && !usage.at().isBefore(warm));
        };
    }
}
