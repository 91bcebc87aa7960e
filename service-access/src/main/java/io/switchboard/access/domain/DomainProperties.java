package io.switchboard.access.domain;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Domains of tenants' own.
 *
 * @param resolvers whom to ask for their DNS, as {@code 192.0.2.53:53}, one after the other; this machine's if empty
 * @param timeout of one question; it is asked again once, for twice as long
 * @param checkEvery how often DNS is looked into again for each domain
 * @param grace how long a domain that DNS no longer shows to be its tenant's still leads callers
 * @param patience how long a claim is kept of which DNS shows nothing
 * @param mostPerTenant how many of them a tenant may have; one instance may have all, each with a path, which makes three
 *     operations of one of etcd's transactions, and 128 is the most it takes
 */
@Validated
@ConfigurationProperties("access.domains")
record DomainProperties(
        @DefaultValue List<@Pattern(regexp = "([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(:\\d{1,5})?") String> resolvers,
        @DefaultValue("2s") Duration timeout,
        @DefaultValue("1h") Duration checkEvery,
        @DefaultValue("72h") Duration grace,
        @DefaultValue("7d") Duration patience,
        @DefaultValue("30") @Min(0) @Max(30) int mostPerTenant) {

    DomainProperties {
        resolvers = List.copyOf(resolvers);
    }
}
