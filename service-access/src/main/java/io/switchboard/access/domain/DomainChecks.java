package io.switchboard.access.domain;

import io.switchboard.access.domain.Challenge.Proof;
import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Domain;
import io.switchboard.access.route.Domains;
import io.switchboard.access.route.Upstream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Looks into DNS for single domains, stores what follows from it, and knows when it looked last. */
final class DomainChecks {

    private static final Logger log = LoggerFactory.getLogger(DomainChecks.class);

    /** Somebody waits for a claim of late; for one that is days old nobody does. */
    private static final Duration SOONEST = Duration.ofSeconds(15);

    private static final int PART_OF_AGE = 8;

    private final EndpointRegistry registry;
    private final TxtRecords records;
    private final DomainProperties properties;
    private final Addressing addressing;
    private final Clock clock;
    private final Map<Key, Check> last = new ConcurrentHashMap<>();

    DomainChecks(
            EndpointRegistry registry,
            TxtRecords records,
            DomainProperties properties,
            Addressing addressing,
            Clock clock) {
        this.registry = registry;
        this.records = records;
        this.properties = properties;
        this.addressing = addressing;
        this.clock = clock;
    }

    private record Key(UUID instanceId, String name) {}

    /** @param proof what DNS said then */
    record Check(Instant at, Proof proof) {}

    Optional<Check> last(UUID instanceId, String name) {
        return Optional.ofNullable(last.get(new Key(instanceId, name)));
    }

    /** Whether DNS should be looked into again; of the platform's own names it has nothing to say. */
    boolean due(UUID instanceId, Domain domain) {
        return !addressing.own(domain.name())
                && last(instanceId, domain.name())
                        .map(check -> !check.at().plus(pause(domain, check)).isAfter(clock.instant()))
                        .orElse(true);
    }

    private Duration pause(Domain domain, Check check) {
        if (domain.verified()) {
            return properties.checkEvery();
        }
        var young = Duration.between(domain.claimedAt(), check.at()).dividedBy(PART_OF_AGE);
        return Collections.min(List.of(properties.checkEvery(), Collections.max(List.of(SOONEST, young))));
    }

    /**
     * Looks into DNS now.
     *
     * @param by whose call it is; empty for nobody's
     * @return what it said; the domain is stored as follows from that, unless it is another tenant's
     * @throws io.switchboard.access.endpoint.RegistryUnavailable if it can't be stored now
     */
    Proof look(Upstream upstream, Domain domain, String by) {
        var challenge = Challenge.of(domain);
        var proof = challenge.proof(records.of(challenge.name()));
        var now = clock.instant();
        last.put(new Key(upstream.instanceId(), domain.name()), new Check(now, proof));
        if (!(verdict(domain, proof, now) instanceof Verdict.AsItWas)) {
            registry.name(
                            upstream.instanceId(),
                            domain.name(),
                            domains -> after(domains, domain, proof, by, now),
                            Optional.empty())
                    .ifPresent(stored -> tell(stored, domain));
        }
        return proof;
    }

    private Verdict verdict(Domain domain, Proof proof, Instant now) {
        return Verdict.of(domain, proof, now, properties.grace(), properties.patience());
    }

    /** Of what is stored by now, unless it is another claim than the one that was looked for. */
    private Domains after(Domains stored, Domain looked, Proof proof, String by, Instant now) {
        return stored.named(looked.name())
                .filter(domain -> domain.token().equals(looked.token()))
                .map(domain -> verdict(domain, proof, now).in(stored, domain, by, now))
                .orElse(stored);
    }

    private static void tell(Upstream stored, Domain before) {
        if (stored.domains().named(before.name()).equals(Optional.of(before))) {
            // Another tenant has it, which whoever claims it is told.
            return;
        }
        stored.domains().events().stream()
                .filter(event -> event.domain().equals(before.name()))
                .findFirst()
                .ifPresent(event -> log.atLevel(
                                switch (event.what()) {
                                    case RECORD_MISSING, RELEASED -> Level.WARN;
                                    default -> Level.INFO;
                                })
                        .log(
                                "domain {} of tenant {}, instance {}: {}",
                                before.name(),
                                stored.tenant(),
                                stored.instanceId(),
                                event.what()));
    }

    /** Keeps nothing of domains that are gone. */
    void keepOnly(Collection<Upstream> upstreams) {
        var there = upstreams.stream()
                .filter(upstream -> !upstream.removed())
                .flatMap(upstream -> upstream.domains().claimed().stream()
                        .map(domain -> new Key(upstream.instanceId(), domain.name())))
                .collect(Collectors.toSet());
        last.keySet().retainAll(there);
    }
}
