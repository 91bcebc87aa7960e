package io.switchboard.config.namespace;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/** @param confirmWithin how long after a release its clients may still run another one before they are late */
@Validated
@ConfigurationProperties("config.delivery")
record DeliveryProperties(
        @DefaultValue("30s") @NotNull @DurationMin(seconds = 1)
        Duration confirmWithin) {}
