package io.switchboard.access.domain;

import io.switchboard.access.balancer.Balancer;
import io.switchboard.access.balancer.RouteProblem;
import io.switchboard.access.domain.ClaimDomain.Claim;
import io.switchboard.access.domain.DomainChecks.Check;
import io.switchboard.access.endpoint.ConditionalOnRegistrar;
import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.endpoint.PresentedCertificate;
import io.switchboard.access.endpoint.RegistryUnavailable;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Domain;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.route.Visibility;
import io.switchboard.contracts.access.AccessApi;
import io.switchboard.contracts.access.DomainsApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@ConditionalOnRegistrar
class DomainsController implements DomainsApi {

    private static final int MOST_OF_A_DOMAIN = 5;
    private static final int MOST_OF_A_TENANT = 20;
    /** As long as callers who are told to wait do. */
    private static final Duration BACK_AFTER = Duration.ofSeconds(2);

    private final EndpointRegistry registry;
    private final ClaimDomain claims;
    private final DomainChecks checks;
    private final DomainProperties properties;
    private final Addressing addressing;
    private final Clock clock;
    private final AccessApi.Mode mode;
    private final Allowance perDomain;
    private final Allowance perTenant;

    /** Without a balancer here, others carry what the registry says, through HAProxy. */
    DomainsController(
            EndpointRegistry registry,
            ClaimDomain claims,
            DomainChecks checks,
            DomainProperties properties,
            Addressing addressing,
            Clock clock,
            Optional<Balancer> balancer) {
        this.registry = registry;
        this.claims = claims;
        this.checks = checks;
        this.properties = properties;
        this.addressing = addressing;
        this.clock = clock;
        this.perDomain = new Allowance(MOST_OF_A_DOMAIN, BACK_AFTER, clock);
        this.perTenant = new Allowance(MOST_OF_A_TENANT, BACK_AFTER, clock);
        this.mode = balancer.map(Balancer::mode).orElse(AccessApi.Mode.HAPROXY);
    }

    @Override
    public List<DomainView> domains(@Nullable Caller caller) {
        return ClaimDomain.claims(registry.upstreams())
                .filter(claim -> Visibility.of(claim.upstream(), caller))
                .map(this::view)
                .sorted(Comparator.comparing(DomainView::name).thenComparing(DomainView::instanceId))
                .toList();
    }

    @Override
    public DomainView claim(UUID instanceId, String domain, DomainRequest request, @Nullable Caller caller) {
        var upstream = visible(instanceId, caller);
        if (mode == AccessApi.Mode.DIRECT) {
            throw new Problem(
                    RouteProblem.NO_BALANCER,
                    "Callers reach the tasks themselves, so that no domain could lead them there.");
        }
        var name = name(domain);
        var port = port(upstream, request.port());
        var path = path(upstream, request.path(), port);
        if (addressing.own(name)
                && (path.equals(Route.Path.WHOLE_HOST) || !addressing.givenTo(upstream.tenant(), name))) {
            throw RequestProblem.invalid(
                    "domain",
                    "must not be the platform's own, as " + name
                            + " is; of a name that the platform gave a service of the tenant's, a path may be claimed");
        }
        return stored(() -> claims.claim(upstream, name, path, port, subject(caller)))
                .flatMap(after -> after.domains().named(name).map(now -> view(new Claim(after, now))))
                .orElseThrow(() -> new Problem(
                        RequestProblem.CONFLICT,
                        "The instance or the domain was changed by somebody else at the same time."));
    }

    @Override
    public DomainView check(UUID instanceId, String domain, @Nullable Caller caller) {
        var upstream = visible(instanceId, caller);
        var name = name(domain);
        var claimed = upstream.domains().named(name).orElseThrow(() -> noDomain(name, instanceId));
        if (addressing.own(name)) {
            return view(new Claim(upstream, claimed));
        }
        refuseTooOften(upstream.tenant(), name);
        var proof = stored(() -> checks.look(upstream, claimed, subject(caller)));
        var after = visible(instanceId, caller);
        var now = after.domains().named(name).orElseThrow(() -> noDomain(name, instanceId));
        if (!now.verified()) {
            throw unproven(now, proof);
        }
        return view(new Claim(after, now));
    }

    /** Each look keeps a resolver, and a thread of ours, for as long as somebody's name servers are silent. */
    private void refuseTooOften(String tenant, String name) {
        if (!perDomain.take(tenant + " " + name) || !perTenant.take(tenant)) {
            throw new Problem(
                    RequestProblem.TOO_MANY_REQUESTS,
                    "DNS was looked into too often for " + name + " or for tenant " + tenant
                            + "; it is looked into again by itself.");
        }
    }

    private static Problem unproven(Domain domain, Challenge.Proof proof) {
        var challenge = Challenge.of(domain);
        var said = Map.<String, Object>of("challenge", view(challenge));
        return switch (proof) {
            case Challenge.Proof.Shown shown ->
                new Problem(
                        DomainProblem.DOMAIN_TAKEN,
                        "DNS shows the record, but " + domain.name() + " leads to another tenant's service.",
                        said);
            case Challenge.Proof.Lacking lacking ->
                new Problem(
                        DomainProblem.DOMAIN_NOT_PROVEN,
                        "DNS has no TXT record " + challenge.name() + " with the value " + challenge.value() + ".",
                        said);
            case Challenge.Proof.Unknown unknown ->
                new Problem(DomainProblem.DNS_SILENT, "DNS gave no answer for " + challenge.name() + ".", said);
        };
    }

    @Override
    @ResponseStatus(HttpStatus.NO_CONTENT)
    public void delete(UUID instanceId, String domain, @Nullable Caller caller) {
        visible(instanceId, caller);
        var name = name(domain);
        stored(() -> {
            claims.delete(instanceId, name, subject(caller));
            return name;
        });
    }

    @Override
    public List<DomainEventView> history(UUID instanceId, @Nullable Caller caller) {
        return visible(instanceId, caller).domains().events().stream()
                .map(event -> new DomainEventView(
                        event.at(), event.domain(), event.path(), event.what().name(), event.by()))
                .toList();
    }

    private Upstream visible(UUID instanceId, @Nullable Caller caller) {
        return registry.upstream(instanceId)
                .filter(upstream -> Visibility.of(upstream, caller))
                .orElseThrow(() -> notFound(instanceId));
    }

    private static Problem notFound(UUID instanceId) {
        return new Problem(RequestProblem.NOT_FOUND, "There is no route of instance " + instanceId + ".");
    }

    private static Problem noDomain(String name, UUID instanceId) {
        return new Problem(RequestProblem.NOT_FOUND, "Instance " + instanceId + " has no domain " + name + ".");
    }

    private static String name(String domain) {
        try {
            return DomainName.of(domain);
        } catch (IllegalArgumentException e) {
            throw RequestProblem.invalid("domain", String.valueOf(e.getMessage()));
        }
    }

    private static String port(Upstream upstream, @Nullable String asked) {
        // SIP over UDP is told apart by the name that the platform gives.
        var ports = upstream.ownRoutes().stream()
                .filter(Route.Stream.class::isInstance)
                .map(Route::port)
                .toList();
        return ports.stream()
                .filter(port -> asked == null || port.equals(asked))
                .findFirst()
                .orElseThrow(() -> RequestProblem.invalid(
                        "port", "must name a port that has a route: " + String.join(", ", ports)));
    }

    private static String path(Upstream upstream, @Nullable String asked, String port) {
        if (asked == null || asked.equals(Route.Path.WHOLE_HOST)) {
            return Route.Path.WHOLE_HOST;
        }
        try {
            Route.Path.check(asked);
        } catch (IllegalArgumentException e) {
            throw RequestProblem.invalid("path", String.valueOf(e.getMessage()));
        }
        if (upstream.ownRoutes().stream()
                .noneMatch(route -> route instanceof Route.Http && route.port().equals(port))) {
            throw RequestProblem.invalid("path", "must be left out for a port that speaks no HTTP");
        }
        return asked;
    }

    private static String subject(@Nullable Caller caller) {
        return Objects.requireNonNull(caller, "nobody is let in without a token")
                .subject();
    }

    private static <T> T stored(Supplier<T> change) {
        try {
            return change.get();
        } catch (RegistryUnavailable e) {
            throw new Problem(RequestProblem.UNAVAILABLE, "The store of routes does not answer at the moment.");
        }
    }

    private DomainView view(Claim claim) {
        var upstream = claim.upstream();
        var domain = claim.domain();
        var missingSince = Optional.ofNullable(domain.missingSince());
        return new DomainView(
                domain.name(),
                domain.path(),
                upstream.tenant(),
                upstream.instanceId(),
                upstream.instanceName(),
                domain.port(),
                !domain.verified() ? State.PENDING : missingSince.isPresent() ? State.MISSING : State.VERIFIED,
                view(Challenge.of(domain)),
                addressing.own(domain.name()) ? domain.name() : addressing.publicHost(),
                domain.claimedAt(),
                Optional.ofNullable(domain.verifiedAt()),
                missingSince,
                missingSince.map(since -> since.plus(properties.grace())),
                checks.last(upstream.instanceId(), domain.name())
                        .map(check -> new LastCheck(check.at(), finding(check, domain))),
                tls(upstream, domain),
                certificates(domain.name()).map(PresentedCertificate::notAfter).min(Comparator.naturalOrder()));
    }

    private Tls tls(Upstream upstream, Domain domain) {
        if (upstream.routes().stream()
                .anyMatch(route -> route instanceof Route.Port && route.port().equals(domain.port()))) {
            return Tls.BY_TASK;
        }
        var presented = registry.agents().presented().values();
        if (presented.isEmpty()) {
            return Tls.NOT_TAKEN;
        }
        var now = clock.instant();
        return presented.stream()
                        .allMatch(own -> own.stream()
                                .anyMatch(one -> one.fits(domain.name())
                                        && one.notAfter().isAfter(now)))
                ? Tls.CERTIFICATE
                : Tls.NO_CERTIFICATE;
    }

    private Stream<PresentedCertificate> certificates(String name) {
        return registry.agents().presented().values().stream()
                .flatMap(List::stream)
                .filter(one -> one.fits(name));
    }

    private static DnsRecord view(Challenge challenge) {
        return new DnsRecord(challenge.name(), "TXT", challenge.value());
    }

    private static String finding(Check check, Domain domain) {
        return switch (check.proof()) {
            case Challenge.Proof.Shown shown ->
                domain.verified()
                        ? "DNS shows the record."
                        : "DNS shows the record, but the domain leads to another tenant's service.";
            case Challenge.Proof.Lacking(int others) ->
                others == 0
                        ? "DNS has no such record."
                        : "DNS has the record with " + (others == 1 ? "another value." : "other values.");
            case Challenge.Proof.Unknown(var why) -> "DNS gave no answer: " + why;
        };
    }
}
