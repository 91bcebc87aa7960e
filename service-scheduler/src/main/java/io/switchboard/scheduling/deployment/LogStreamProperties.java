package io.switchboard.scheduling.deployment;

import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Logs that are followed live.
 *
 * @param inAll how many at once, of all tenants
 * @param perTenant how many at once, of one tenant
 * @param every time between two looks at the engine
 */
@Validated
@ConfigurationProperties("scheduler.log-streams")
record LogStreamProperties(
        @DefaultValue("100") @Positive int inAll,
        @DefaultValue("10") @Positive int perTenant,
        @DefaultValue("1s") @DurationMin(millis = 10) Duration every) {}
