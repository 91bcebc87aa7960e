package io.switchboard.access.endpoint;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the scheduler's view is read in full.
 *
 * @param every between two reads, give or take a fifth; with etcd at most a third of {@code access.etcd.lease-ttl}
 * @param forgetAfter how long the scheduler must have known nothing of an instance before its routes end; its tasks'
 *     ports may belong to others by then
 */
@ConfigurationProperties("access.resync")
record ResyncProperties(
        @DefaultValue("30s") Duration every,
        @DefaultValue("10m") Duration forgetAfter) {

    ResyncProperties atMost(Duration other) {
        return every.compareTo(other) <= 0 ? this : new ResyncProperties(other, forgetAfter);
    }
}
