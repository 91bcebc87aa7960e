package io.switchboard.config.audit;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/** @param keep how long an entry stays in the database */
@Validated
@ConfigurationProperties("config.audit")
record AuditProperties(
        @DefaultValue("400d") @DurationMin(days = 1) Duration keep) {}
