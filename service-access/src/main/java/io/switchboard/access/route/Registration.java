package io.switchboard.access.route;

import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a task snapshot becomes an upstream.
 *
 * @param placeOwner the instance that holds a host name, for HTTP and as SIP's domain alike, or a path of one
 * @param tenants those that hold a host name or a path of it
 * @param portOwner the instance that holds a public port now
 */
public record Registration(
        Addressing addressing,
        PublicPorts ports,
        Owner<String> placeOwner,
        Function<String, Set<String>> tenants,
        IntFunction<Optional<UUID>> portOwner) {

    /** Who holds a name now. */
    @FunctionalInterface
    public interface Owner<K> {
        Optional<UUID> of(K key);
    }

    /** Whether the snapshot tells nothing that {@code before} doesn't know, and {@code before} has all its routes. */
    public static boolean alreadyKnown(TaskSnapshot snapshot, Upstream before) {
        return before.sequence() > snapshot.sequence()
                || before.sequence() == snapshot.sequence()
                        && (before.removed()
                                || before.ownRoutes().size() == snapshot.ports().size());
    }

    /** The upstream after this snapshot; empty if that is what {@code before} is, though some of its routes may be others' now. */
    public Optional<Upstream> news(TaskSnapshot snapshot, Optional<Upstream> before, Instant now) {
        return before.isPresent() && alreadyKnown(snapshot, before.get())
                ? Optional.empty()
                : Optional.of(upstream(snapshot, before, now))
                        .filter(after -> before.filter(after::saysNoMoreThan).isEmpty());
    }

    /**
     * The upstream after this snapshot. A host name that a later instance of the same name holds stays with that one;
     * a TCP port without a free number has no route.
     *
     * @param before what was known of the instance; its public ports are kept
     * @throws IllegalArgumentException if names or endpoints of the snapshot can't be routed
     */
    public Upstream upstream(TaskSnapshot snapshot, Optional<Upstream> before, Instant now) {
        List<Route> routes = new ArrayList<>();
        for (PortSpec port : snapshot.ports()) {
            switch (port.protocol()) {
                case HTTP -> {
                    var host = addressing.host(snapshot, port);
                    if (!laterHolder(host, snapshot.instanceId())) {
                        routes.add(new Route.Host(port.name(), host));
                    }
                }
                case TCP ->
                    publicPort(snapshot.tenant(), snapshot.instanceId(), port.name(), before, routes)
                            .ifPresent(number -> routes.add(new Route.Port(port.name(), number)));
                case SIP_UDP -> {
                    var domain = addressing.host(snapshot, port);
                    if (!laterHolder(domain, snapshot.instanceId())) {
                        routes.add(new Route.Sip(port.name(), domain));
                    }
                }
                case RTP -> {
                    // Goes past every balancer; snapshots leave it out.
                }
            }
        }
        var policy = before.map(Upstream::policy).orElse(Policy.NONE);
        var domains =
                held(before.map(Upstream::domains).orElse(Domains.NONE), snapshot.instanceId(), snapshot.tenant());
        return new Upstream(
                snapshot.instanceId(),
                snapshot.tenant(),
                snapshot.instanceName(),
                snapshot.serviceType(),
                snapshot.sequence(),
                now,
                snapshot.removed() ? before.map(Upstream::routes).orElse(List.of()) : with(domains, routes),
                snapshot.removed() ? List.of() : weighted(policy, endpoints(snapshot)),
                snapshot.removed(),
                policy,
                domains);
    }

    /** The same upstream, without routes that others hold by now and with new public ports where the old ones are gone. */
    public Upstream again(Upstream upstream, Instant now) {
        List<Route> routes = new ArrayList<>();
        for (Route route : upstream.ownRoutes()) {
            switch (route) {
                case Route.Http http -> {
                    if (!laterHolder(http.place(), upstream.instanceId())) {
                        routes.add(route);
                    }
                }
                case Route.Port(String port, int number) ->
                    publicPort(upstream.tenant(), upstream.instanceId(), port, Optional.of(upstream), routes)
                            .ifPresent(again -> routes.add(new Route.Port(port, again)));
                case Route.Sip(String port, String domain) -> {
                    if (!laterHolder(domain, upstream.instanceId())) {
                        routes.add(route);
                    }
                }
            }
        }
        var domains = held(upstream.domains(), upstream.instanceId(), upstream.tenant());
        return new Upstream(
                upstream.instanceId(),
                upstream.tenant(),
                upstream.instanceName(),
                upstream.serviceType(),
                upstream.sequence(),
                now,
                with(domains, routes),
                upstream.endpoints(),
                upstream.removed(),
                upstream.policy(),
                domains);
    }

    /**
     * The same under other domains; empty if one of them is verified and somebody else's, or a part of its host another tenant's.
     *
     * @param from an instance whose domains may become this one's; empty for none
     */
    public Optional<Upstream> named(Upstream upstream, Domains domains, Optional<UUID> from, Instant now) {
        boolean free = domains.verified()
                .noneMatch(domain -> isOthers(
                        domain,
                        upstream.tenant(),
                        owner -> owner.equals(upstream.instanceId())
                                || Optional.of(owner).equals(from)));
        return free ? Optional.of(upstream.named(domains, with(domains, upstream.ownRoutes()), now)) : Optional.empty();
    }

    /** These without what is somebody else's by now: it is as if DNS had never shown it. */
    private Domains held(Domains domains, UUID instanceId, String tenant) {
        return domains.each(domain -> domain.verified() && isOthers(domain, tenant, instanceId::equals)
                ? domain.released(domain.claimedAt())
                : domain);
    }

    /** Whose one path of a host is, theirs are all: cookies and what a browser trusts are the host's. */
    private boolean isOthers(Domain domain, String tenant, Predicate<UUID> own) {
        return placeOwner.of(domain.place()).filter(own.negate()).isPresent()
                || tenants.apply(domain.name()).stream().anyMatch(holder -> !tenant.equals(holder));
    }

    /** Domains of TCP ports are no routes: callers name them within TLS, and come in by the port. */
    private static List<Route> with(Domains domains, List<Route> own) {
        return Stream.concat(
                        own.stream(),
                        domains.verified()
                                .filter(domain -> own.stream()
                                        .anyMatch(route -> route instanceof Route.Http
                                                && route.port().equals(domain.port())))
                                .map(Domain::route))
                .toList();
    }

    /** Ids of instances grow with time. */
    private boolean laterHolder(String place, UUID instanceId) {
        return placeOwner
                .of(place)
                .filter(owner ->
                        Long.compareUnsigned(owner.getMostSignificantBits(), instanceId.getMostSignificantBits()) > 0)
                .isPresent();
    }

    private OptionalInt publicPort(
            String tenant, UUID instanceId, String port, Optional<Upstream> before, List<Route> sofar) {
        var kept = before.stream()
                .flatMap(upstream -> upstream.routes().stream())
                .filter(route -> route instanceof Route.Port && route.port().equals(port))
                .mapToInt(route -> ((Route.Port) route).number())
                .filter(number -> ports.all().contains(number)
                        && portOwner
                                .apply(number)
                                .filter(owner -> !owner.equals(instanceId))
                                .isEmpty())
                .findFirst();
        if (kept.isPresent()) {
            return kept;
        }
        return ports.choose(
                tenant,
                instanceId,
                port,
                number -> portOwner.apply(number).isPresent()
                        || sofar.stream()
                                .anyMatch(route ->
                                        route instanceof Route.Port(String name, int taken) && taken == number));
    }

    static List<Endpoint> weighted(Policy policy, List<Endpoint> endpoints) {
        return endpoints.stream()
                .collect(Collectors.groupingBy(Endpoint::port, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(each -> Shares.weighted(policy.shares(), each).stream())
                .toList();
    }

    private static List<Endpoint> endpoints(TaskSnapshot snapshot) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (ServingTask task : snapshot.tasks()) {
            for (PortSpec port : snapshot.ports()) {
                var number = task.ports().get(port.name());
                if (number != null) {
                    endpoints.add(new Endpoint(
                            task.id(), port.name(), task.host(), number, task.state(), task.revision(), 0));
                }
            }
        }
        return endpoints;
    }
}
