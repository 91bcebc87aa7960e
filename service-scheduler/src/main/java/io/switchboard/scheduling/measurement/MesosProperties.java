package io.switchboard.scheduling.measurement;

import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Mesos agents that know what their tasks use, for Marathon, which doesn't.
 *
 * @param agents where the agent of a host answers, usually {@code http://{host}:5051}; not asked if absent
 * @param timeLimit for each answer
 * @param credentials that they ask for
 */
@Validated
@ConfigurationProperties("scheduler.measurement.mesos")
record MesosProperties(
        @Nullable
        @Pattern(regexp = "https?://.*\\{host}.*", message = "must be an address with {host}, as http://{host}:5051")
        String agents,

        @DefaultValue("2s") @DurationMin(millis = 100) Duration timeLimit,
        @DefaultValue Credentials credentials) {}
