package io.switchboard.scheduling.deployment;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How orders are taken off the queue.
 *
 * @param consumers batches of orders handled at once by this process, 1 to 64
 * @param batch orders in one transaction at most, 1 to 1000
 */
@Validated
@ConfigurationProperties("scheduler.orders")
record OrderProperties(
        @DefaultValue("4") @Min(1) @Max(64) int consumers,
        @DefaultValue("64") @Min(1) @Max(1000) int batch) {}
