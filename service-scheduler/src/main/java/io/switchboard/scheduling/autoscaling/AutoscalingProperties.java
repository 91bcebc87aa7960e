package io.switchboard.scheduling.autoscaling;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How instances that are to follow their load are looked at.
 *
 * @param every time from the end of a round to the start of the next
 * @param lead time until a task that is wanted now carries calls, and until the next look
 * @param calm how long calls must not have needed as many tasks, and neither this nor an order changed them, before some go
 * @param parallel instances that are looked at at the same time, 1 to 1,000
 * @param readings how long calls in progress are kept: at least for the calm time and the last two whole half-hours
 * @param halfHours how long the most of each half-hour is kept; whole weeks of it are compared
 * @param decisions how long decisions are kept
 */
@Validated
@ConfigurationProperties("scheduler.autoscaling")
record AutoscalingProperties(
        @DefaultValue("30s") @DurationMin(millis = 10) Duration every,
        @DefaultValue("3m") @DurationMin(seconds = 1) Duration lead,
        @DefaultValue("15m") @DurationMin(millis = 10) Duration calm,
        @DefaultValue("32") @Min(1) @Max(1_000) int parallel,
        @DefaultValue("3h") @DurationMin(minutes = 90) Duration readings,
        @DefaultValue("29d") @DurationMin(days = 7) Duration halfHours,
        @DefaultValue("90d") @DurationMin(days = 1) Duration decisions) {

    AutoscalingProperties {
        if (calm.compareTo(readings) > 0) {
            throw new IllegalArgumentException(
                    "scheduler.autoscaling.calm must be at most scheduler.autoscaling.readings");
        }
    }
}
