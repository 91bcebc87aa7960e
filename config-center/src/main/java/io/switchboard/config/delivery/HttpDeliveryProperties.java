package io.switchboard.config.delivery;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How many clients over HTTP one center serves; one more is refused with 429.
 *
 * @param waitingPerTenant of one tenant, that wait for a release at once, with a request or on a stream
 * @param waitingInAll of everybody together; each takes a socket
 * @param reportRoom for the names of the nodes that reports are kept in, at least 1 KB: at the session's end ZooKeeper writes all of
 *     them into one record, and a server as it comes reads none again that is longer than 2 MB
 */
@Validated
@ConfigurationProperties("config.delivery.http")
record HttpDeliveryProperties(
        @DefaultValue("5000") @Positive int waitingPerTenant,
        @DefaultValue("20000") @Positive int waitingInAll,
        @DefaultValue("1MB") @NotNull DataSize reportRoom) {

    HttpDeliveryProperties {
        if (reportRoom.toKilobytes() < 1) {
            throw new IllegalArgumentException("reportRoom must be at least 1 KB but was " + reportRoom);
        }
    }
}
