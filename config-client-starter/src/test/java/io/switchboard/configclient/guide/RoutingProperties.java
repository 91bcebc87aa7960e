package io.switchboard.configclient.guide;

import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

@Validated
@ConfigurationProperties("routing")
record RoutingProperties(
        @DefaultValue("30s") Duration maxWait,
        @DefaultValue("3") @Positive int attempts) {}
