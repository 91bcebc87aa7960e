package io.switchboard.scheduling.deployment;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long what has ended is kept.
 *
 * @param enabled whether anything is deleted at all
 * @param handledOrders how long it is known which orders were handled; an order that was accepted longer ago is refused,
 *     because nobody could tell whether it comes again; at least 1d
 * @param retiredRevisions how long a revision is kept that no engine runs any more; at least 1d
 * @param notes how long it is kept what happened to deployments; at least 1d
 * @param every time from the end of one round to the start of the next
 * @param batch rows of one kind deleted in one transaction at most
 */
@Validated
@ConfigurationProperties("scheduler.retention")
record RetentionProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("30d") Duration handledOrders,
        @DefaultValue("30d") Duration retiredRevisions,
        @DefaultValue("30d") Duration notes,
        @DefaultValue("1h") Duration every,
        @DefaultValue("500") @Positive @Max(10_000) int batch) {

    RetentionProperties {
        atLeastADay("handled-orders", handledOrders);
        atLeastADay("retired-revisions", retiredRevisions);
        atLeastADay("notes", notes);
    }

    private static void atLeastADay(String name, Duration value) {
        if (value.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("scheduler.retention." + name + " must be at least 1d but was " + value);
        }
    }
}
