package io.switchboard.scheduling.measurement;

import java.time.Clock;

/**
 * Leaves out what is measured while a task starts, and what is too old to go by.
 *
 * @param measured whatever it says
 */
record UsageOfCalls(TaskUsage measured, MeasurementProperties properties, Clock clock) implements TaskUsage {

    @Override
    public Look look() {
        var look = measured.look();
        var oldest = clock.instant().minus(properties.maxAge());
        return task -> {
            var warm = task.startedAt().plus(properties.warmUp());
            return look.of(task)
                    .filter(usage -> !usage.at().isBefore(oldest) && !usage.at().isBefore(warm));
        };
    }
}
