package io.switchboard.access.endpoint;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The etcd that holds endpoints and routes.
 *
 * @param endpoints URLs of its members, for example {@code http://127.0.0.1:2379}; none means that this process keeps
 *     everything in memory and balances nothing
 * @param username who logs in; nobody does if it is empty
 * @param password needed with a user name; never logged
 * @param tls for {@code https://} endpoints
 * @param leaseTtl how long an endpoint that doesn't answer may get traffic after the scheduler has last confirmed it; at least 2s
 * @param agentTtl how long an agent is remembered, and its balancer waited for, after it fell silent; longer than leaseTtl
 * @param timeout the longest wait for an answer
 * @param auditEvery how often it is checked that etcd still has its data, and every registered endpoint its key
 * @param tombstoneTtl how long a removed instance is remembered, so that a late snapshot doesn't bring it back
 * @param lastKnown the file that keeps what is registered, for a start while etcd is away
 */
@Validated
@ConfigurationProperties("access.etcd")
public record EtcdProperties(
        @DefaultValue @NotNull List<String> endpoints,
        @DefaultValue("") String username,
        @DefaultValue("") String password,
        @DefaultValue Tls tls,
        @DefaultValue("15s") Duration leaseTtl,
        @DefaultValue("2m") Duration agentTtl,
        @DefaultValue("3s") Duration timeout,
        @DefaultValue("5s") Duration auditEvery,
        @DefaultValue("24h") Duration tombstoneTtl,
        @DefaultValue(".switchboard/access/last-known.json") Path lastKnown) {

    public EtcdProperties {
        endpoints = endpoints.stream().filter(each -> !each.isBlank()).toList();
        if (leaseTtl.toSeconds() < 2) {
            throw new IllegalArgumentException("access.etcd.lease-ttl must be at least 2s but was " + leaseTtl);
        }
        if (agentTtl.compareTo(leaseTtl) <= 0) {
            throw new IllegalArgumentException("access.etcd.agent-ttl must be longer than access.etcd.lease-ttl ("
                    + leaseTtl + ") but was " + agentTtl);
        }
        if (username.isEmpty() != password.isEmpty()) {
            throw new IllegalArgumentException("access.etcd.username and access.etcd.password must be set together");
        }
        long secure =
                endpoints.stream().filter(each -> each.startsWith("https://")).count();
        if (secure != 0 && secure != endpoints.size()) {
            throw new IllegalArgumentException("access.etcd.endpoints must be all https:// or all http://");
        }
        if (secure == 0 && !tls.equals(Tls.NONE)) {
            throw new IllegalArgumentException("access.etcd.tls is set, but access.etcd.endpoints are not https://");
        }
    }

    /** Whether the members speak TLS. */
    boolean secure() {
        return !endpoints.isEmpty() && endpoints.getFirst().startsWith("https://");
    }

    /** How long a word for an endpoint holds; in the rest of the lease agents find out whether it still answers. */
    Duration word() {
        return leaseTtl.multipliedBy(2).dividedBy(3);
    }

    /** Between two words of the scheduler at most, so that one may be lost. */
    Duration confirmEvery() {
        return word().dividedBy(2);
    }

    /** Whether there is an etcd at all. */
    public boolean used() {
        return !endpoints.isEmpty();
    }

    @Override
    public String toString() {
        return "EtcdProperties[endpoints=" + endpoints + ", username=" + username + ", tls=" + tls + "]";
    }

    /**
     * PEM files of TLS.
     *
     * @param ca who signs the members' certificates; the JDK's authorities if not set
     * @param certificate this client's own, where members ask for one
     * @param key its key, PKCS#8
     */
    public record Tls(
            @Nullable Path ca,
            @Nullable Path certificate,
            @Nullable Path key) {

        static final Tls NONE = new Tls(null, null, null);

        public Tls {
            if ((certificate == null) != (key == null)) {
                throw new IllegalArgumentException(
                        "access.etcd.tls.certificate and access.etcd.tls.key must be set together");
            }
        }
    }
}
