package io.switchboard.request.order;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How orders are made durable.
 *
 * @param writers transactions at the same time, 1 to 16; more only help where the disk takes several commits at once
 * @param batch orders in one transaction at most
 * @param waiting orders that may wait for a writer; one more is refused with 503
 * @param rest the longest that a writer lets orders gather under load; see {@link io.switchboard.batching.Pace}
 * @param patience longest wait of one order; after it the caller is told to repeat the call
 */
@Validated
@ConfigurationProperties("request.accept")
record AcceptProperties(
        @DefaultValue("1") @Positive @Max(16) int writers,
        @DefaultValue("256") @Positive int batch,
        @DefaultValue("5000") @Positive int waiting,
        @DefaultValue("8ms") Duration rest,
        @DefaultValue("10s") Duration patience) {}
