package io.switchboard.scheduling.measurement;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How tasks are measured.
 *
 * @param enabled whether samples are taken of them, for models to learn from
 * @param every time from the end of a round to the start of the next
 * @param instances measured in a round, in turn, 1 to 10,000
 * @param tasksEach tasks of each that are measured, the oldest, 1 to 100
 * @param warmUp time from a task's start during which its use is left out: it starts, and nothing is compiled yet; with a
 *     Prometheus also the time that its queries look back
 * @param maxAge how old a measurement may be
 */
@Validated
@ConfigurationProperties("scheduler.measurement")
record MeasurementProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("10s") @DurationMin(millis = 10) Duration every,
        @DefaultValue("100") @Min(1) @Max(10_000) int instances,
        @DefaultValue("2") @Min(1) @Max(100) int tasksEach,
        @DefaultValue("2m") @DurationMin(millis = 0) Duration warmUp,
        @DefaultValue("1m") @DurationMin(millis = 100) Duration maxAge) {}
