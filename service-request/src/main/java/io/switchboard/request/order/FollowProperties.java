package io.switchboard.request.order;

import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How events of scheduler and balancer are taken in.
 *
 * @param batch events stored in one transaction at most
 * @param gather under load, how long events gather between two transactions; an idle service never waits
 * @param retryAfter pause after the broker or the database failed
 */
@Validated
@ConfigurationProperties("request.follow")
record FollowProperties(
        @DefaultValue("256") @Positive int batch,
        @DefaultValue("25ms") Duration gather,
        @DefaultValue("1s") Duration retryAfter) {}
