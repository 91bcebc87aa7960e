package io.switchboard.outbox;

import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How stored messages get to the broker.
 *
 * @param batch messages sent and deleted in one transaction at most
 * @param rest the longest that messages gather under load; see {@link io.switchboard.batching.Pace}
 * @param every time between two looks at the table when nothing was stored here; covers what a crash left behind
 */
@Validated
@ConfigurationProperties("switchboard.outbox")
record OutboxProperties(
        @DefaultValue("500") @Positive int batch,
        @DefaultValue("10ms") Duration rest,
        @DefaultValue("1s") Duration every) {}
