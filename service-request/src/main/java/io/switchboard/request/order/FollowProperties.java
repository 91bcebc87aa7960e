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
 * @param rest the longest that events gather under load; see {@link io.switchboard.batching.Pace}
 * @param retryAfter pause after the broker or the database failed
 */
@Validated
@ConfigurationProperties("request.follow")
record FollowProperties(
        @DefaultValue("256") @Positive int batch,
        @DefaultValue("50ms") Duration rest,
        @DefaultValue("1s") Duration retryAfter) {}
