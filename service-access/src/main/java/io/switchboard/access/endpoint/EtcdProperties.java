package io.switchboard.access.endpoint;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The etcd that holds endpoints and routes.
 *
 * @param endpoints URLs of its members, for example {@code http://127.0.0.1:2379}; none means that this process keeps
 *     everything in memory and balances nothing
 * @param leaseTtl how long an endpoint outlives the process that registered it before it counts as stale; at least 2s
 * @param timeout the longest wait for an answer
 * @param auditEvery how often it is checked that etcd still has its data, and every registered endpoint its key
 * @param tombstoneTtl how long a removed instance is remembered, so that a late snapshot doesn't bring it back
 */
@Validated
@ConfigurationProperties("access.etcd")
record EtcdProperties(
        @DefaultValue @NotNull List<String> endpoints,
        @DefaultValue("15s") Duration leaseTtl,
        @DefaultValue("3s") Duration timeout,
        @DefaultValue("5s") Duration auditEvery,
        @DefaultValue("24h") Duration tombstoneTtl) {

    EtcdProperties {
        endpoints = endpoints.stream().filter(each -> !each.isBlank()).toList();
        if (leaseTtl.toSeconds() < 2) {
            throw new IllegalArgumentException("access.etcd.lease-ttl must be at least 2s but was " + leaseTtl);
        }
    }
}
