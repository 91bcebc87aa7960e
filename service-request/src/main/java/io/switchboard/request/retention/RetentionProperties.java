package io.switchboard.request.retention;

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
 * @param deletedInstances how long a deleted instance is kept with its orders and their timelines; at least 1d
 * @param instanceEntries how long entries about an instance beside any order are kept; at least 1d
 * @param every time from the end of one round to the start of the next
 * @param batch rows of one kind deleted in one transaction at most
 */
@Validated
@ConfigurationProperties("request.retention")
record RetentionProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("400d") Duration deletedInstances,
        @DefaultValue("400d") Duration instanceEntries,
        @DefaultValue("1h") Duration every,
        @DefaultValue("500") @Positive @Max(10_000) int batch) {

    RetentionProperties {
        atLeastADay("deleted-instances", deletedInstances);
        atLeastADay("instance-entries", instanceEntries);
    }

    private static void atLeastADay(String name, Duration value) {
        if (value.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("request.retention." + name + " must be at least 1d but was " + value);
        }
    }
}
