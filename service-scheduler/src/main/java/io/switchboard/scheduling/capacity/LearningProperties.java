package io.switchboard.scheduling.capacity;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How models learn from what tasks were seen to use.
 *
 * @param enabled whether they do
 * @param fitEvery time between two looks whether there is enough new to fit
 * @param enough samples of a kind of work since its last fit that are worth another, 100 or more
 * @param driftEvery time between two comparisons of use with the models in force
 */
@Validated
@ConfigurationProperties("scheduler.learning")
record LearningProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("15m") @DurationMin(millis = 10) Duration fitEvery,
        @DefaultValue("2000") @Min(100) @Max(10_000_000) int enough,
        @DefaultValue("1m") @DurationMin(millis = 10) Duration driftEvery) {}
