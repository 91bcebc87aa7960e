package io.switchboard.access.domain;

import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Domain;
import io.switchboard.access.route.Domains;
import io.switchboard.access.route.Domains.What;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.problem.Problem;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives domains to instances, and takes them away. */
final class ClaimDomain {

    private static final Logger log = LoggerFactory.getLogger(ClaimDomain.class);

    /** What is said last counts; of two claims at one time any, but for everybody the same. */
    private static final Comparator<Claim> BY_TIME = Comparator.comparing(
                    (Claim claim) -> claim.domain().claimedAt())
            .thenComparing(claim -> claim.upstream().instanceId(), Upstream.BY_AGE);

    private final EndpointRegistry registry;
    private final DomainProperties properties;
    private final Addressing addressing;
    private final Clock clock;

    ClaimDomain(EndpointRegistry registry, DomainProperties properties, Addressing addressing, Clock clock) {
        this.registry = registry;
        this.properties = properties;
        this.addressing = addressing;
        this.clock = clock;
    }

    record Claim(Upstream upstream, Domain domain) {}

    /**
     * For this port of this instance from now on; the same again changes nothing. DNS tells of hosts, so what it has shown for
     * one path of a tenant's it has shown for another. What the platform itself gave the tenant needs no proof.
     *
     * @return the instance after it
     * @throws Problem if the tenant has too many
     */
    Optional<Upstream> claim(Upstream upstream, String name, String path, String port, String by) {
        var now = clock.instant();
        var others = held(upstream.tenant(), name).stream()
                .filter(claim -> !claim.upstream().instanceId().equals(upstream.instanceId()))
                .sorted(BY_TIME.reversed())
                .toList();
        var elsewhere = others.stream()
                .filter(claim -> claim.domain().path().equals(path))
                .findFirst();
        var fresh = Domain.claimed(name, path, port, Challenge.newToken(), now);
        var beside = others.stream().map(Claim::domain).min(Comparator.comparing(other -> !other.verified()));
        if (elsewhere.isEmpty() && upstream.domains().named(name).isEmpty()) {
            refuseTooMany(upstream.tenant());
        }
        var from = elsewhere.map(claim -> claim.upstream().instanceId());
        var after = registry.name(
                upstream.instanceId(),
                name,
                domains -> elsewhere
                        .map(claim -> domains.with(claim.domain().at(path, port, now), What.MOVED_HERE, by, now))
                        .orElseGet(() -> claimed(
                                domains,
                                beside.map(other -> other.at(path, port, now))
                                        .orElse(
                                                addressing.givenTo(upstream.tenant(), name)
                                                        ? fresh.verified(now)
                                                        : fresh),
                                by,
                                now)),
                from);
        // The other one goes last, so that callers are led all the time.
        from.ifPresent(other -> end(other, name, What.MOVED_AWAY, by, now));
        if (after.isPresent() && !after.get().domains().equals(upstream.domains())) {
            log.info(
                    "domain {} of tenant {}, path {}, is claimed for port {} of instance {} by {}",
                    name,
                    upstream.tenant(),
                    path,
                    port,
                    upstream.instanceId(),
                    by);
        }
        return after;
    }

    /** @param fresh the claim, if the instance has none of this name yet */
    private static Domains claimed(Domains domains, Domain fresh, String by, Instant now) {
        var here = domains.named(fresh.name());
        if (here.isEmpty()) {
            return domains.with(fresh, What.CLAIMED, by, now);
        }
        var next = here.get().at(fresh.path(), fresh.port(), now);
        if (!here.get().path().equals(fresh.path())) {
            return domains.with(next, What.PATH_CHANGED, by, now);
        }
        return here.get().port().equals(fresh.port()) ? domains : domains.with(next, What.PORT_CHANGED, by, now);
    }

    private void refuseTooMany(String tenant) {
        long held = registry.upstreams().stream()
                .filter(upstream -> !upstream.removed() && upstream.tenant().equals(tenant))
                .mapToLong(upstream -> upstream.domains().claimed().size())
                .sum();
        if (held >= properties.mostPerTenant()) {
            throw new Problem(
                    DomainProblem.TOO_MANY_DOMAINS,
                    "Tenant " + tenant + " has " + held + " domains, which is as many as it may have.");
        }
    }

    void delete(UUID instanceId, String name, String by) {
        end(instanceId, name, What.DELETED, by, clock.instant());
        log.info("domain {} of instance {} is deleted by {}", name, instanceId, by);
    }

    private void end(UUID instanceId, String name, What what, String by, Instant now) {
        registry.name(instanceId, name, domains -> domains.without(name, what, by, now), Optional.empty());
    }

    /** Of a tenant's claims of one name and path only the last counts; others are what a move left behind that was broken off. */
    void endEarlierClaims() {
        Map<List<String>, List<Claim>> byName = claims(registry.upstreams())
                .sorted(BY_TIME)
                .collect(Collectors.groupingBy(claim ->
                        List.of(claim.upstream().tenant(), claim.domain().place())));
        for (var same : byName.values()) {
            same.subList(0, same.size() - 1)
                    .forEach(claim -> end(
                            claim.upstream().instanceId(),
                            claim.domain().name(),
                            What.MOVED_AWAY,
                            "",
                            clock.instant()));
        }
    }

    private List<Claim> held(String tenant, String name) {
        return claims(registry.upstreams())
                .filter(claim -> claim.upstream().tenant().equals(tenant)
                        && claim.domain().name().equals(name))
                .toList();
    }

    static Stream<Claim> claims(Collection<Upstream> upstreams) {
        return upstreams.stream()
                .filter(upstream -> !upstream.removed())
                .flatMap(upstream -> upstream.domains().claimed().stream().map(domain -> new Claim(upstream, domain)));
    }
}
