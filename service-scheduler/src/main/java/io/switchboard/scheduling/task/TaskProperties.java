package io.switchboard.scheduling.task;

import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How tasks are watched and stopped.
 *
 * @param healthPath what is asked on a task's {@code http} port to learn whether it is ready
 * @param healthInterval time between two such questions
 * @param healthTimeout how long an answer may take
 * @param startGrace how long a starting task may fail them without being replaced; the process and the Docker engine double it after each
 *     start in a row that failed, up to sixteen times
 * @param stopGrace time from asking a task to stop to killing it
 * @param drainTimeout how long a task may take to answer how many calls it still has
 */
@Validated
@ConfigurationProperties("scheduler.task")
public record TaskProperties(
        @DefaultValue("/actuator/health/readiness") @NotBlank
        String healthPath,

        @DefaultValue("1s") @DurationMin(millis = 1) Duration healthInterval,
        @DefaultValue("2s") @DurationMin(millis = 1) Duration healthTimeout,
        @DefaultValue("60s") @DurationMin(millis = 1) Duration startGrace,
        @DefaultValue("10s") @DurationMin(millis = 0) Duration stopGrace,
        @DefaultValue("2s") @DurationMin(millis = 1) Duration drainTimeout) {}
