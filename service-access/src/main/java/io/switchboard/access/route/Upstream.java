package io.switchboard.access.route;

import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.access.RouteEvent;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One instance as a balancer sees it: its routes and the endpoints behind them.
 *
 * @param sequence of the task snapshot it was made from; a higher one replaces it
 * @param routes kept when {@code removed}, so that a balancer knows what to end
 * @param endpoints ready and draining ones; empty when {@code removed}
 * @param removed the instance is gone for good
 * @param policy how its routes treat who calls
 * @param domains by which it is called besides; the verified ones of HTTP are among {@code routes}
 */
public record Upstream(
        UUID instanceId,
        String tenant,
        String instanceName,
        String serviceType,
        long sequence,
        Instant changedAt,
        List<Route> routes,
        List<Endpoint> endpoints,
        boolean removed,
        Policy policy,
        Domains domains) {

    /** Ids of instances grow with time; of several that claim the same, the latest has it. */
    public static final Comparator<UUID> BY_AGE = (one, other) -> {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    };

    /** Of two states of one instance the later, by snapshots and then by what changed under one. */
    public static final Comparator<Upstream> BY_STATE =
            Comparator.comparingLong(Upstream::sequence).thenComparing(Upstream::changedAt);

    public Upstream {
        // What is read from etcd may lack anything.
        Objects.requireNonNull(instanceId);
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(instanceName);
        Objects.requireNonNull(serviceType);
        Objects.requireNonNull(changedAt);
        // Absent in what earlier versions stored.
        policy = Objects.requireNonNullElse(policy, Policy.NONE);
        domains = Objects.requireNonNullElse(domains, Domains.NONE);
        routes = List.copyOf(routes);
        endpoints = List.copyOf(endpoints);
    }

    /** One whose routes treat everybody alike. */
    public Upstream(
            UUID instanceId,
            String tenant,
            String instanceName,
            String serviceType,
            long sequence,
            Instant changedAt,
            List<Route> routes,
            List<Endpoint> endpoints,
            boolean removed) {
        this(
                instanceId,
                tenant,
                instanceName,
                serviceType,
                sequence,
                changedAt,
                routes,
                endpoints,
                removed,
                Policy.NONE,
                Domains.NONE);
    }

    /**
     * The same under another policy; of two with the same sequence the one that changed later is in force.
     *
     * @param now not needed to be later than the last change, whatever the clocks of those who change it
     */
    public Upstream under(Policy other, Instant now) {
        return changed(later(now), routes, Registration.weighted(other, endpoints), other, domains);
    }

    /**
     * The same under other domains; as with {@link #under}, the later one is in force.
     *
     * @param others routes to go with them
     */
    Upstream named(Domains other, List<Route> others, Instant now) {
        return changed(later(now), others, endpoints, policy, other);
    }

    /** The same without some of its endpoints; what those got goes to the others. */
    public Upstream without(Predicate<Endpoint> gone) {
        var left = endpoints.stream().filter(gone.negate()).toList();
        return changed(changedAt, routes, Registration.weighted(policy, left), policy, domains);
    }

    /** Whether it differs in nothing but when it came about. */
    boolean saysNoMoreThan(Upstream other) {
        return changed(other.changedAt, routes, endpoints, policy, domains).equals(other);
    }

    private Upstream changed(
            Instant at,
            List<Route> otherRoutes,
            List<Endpoint> otherEndpoints,
            Policy otherPolicy,
            Domains otherDomains) {
        return new Upstream(
                instanceId,
                tenant,
                instanceName,
                serviceType,
                sequence,
                at,
                otherRoutes,
                otherEndpoints,
                removed,
                otherPolicy,
                otherDomains);
    }

    private Instant later(Instant now) {
        return now.isAfter(changedAt) ? now : changedAt.plusMillis(1);
    }

    /** Those that the instance has by itself, without the tenant's domains. */
    public List<Route> ownRoutes() {
        var others = domains.claimed().stream().map(Domain::route).toList();
        return routes.stream().filter(route -> !others.contains(route)).toList();
    }

    /** Whether tasks of this route are told who calls by the PROXY protocol. */
    public boolean proxied(Route route) {
        return route instanceof Route.Port && policy.rules(route.port()).proxyProtocol();
    }

    /** Names in TLS by which callers reach the tasks of a TCP port as they are; the tasks have the certificates. */
    public Set<String> serverNames(String port) {
        if (routes.stream()
                .noneMatch(route -> route instanceof Route.Port && route.port().equals(port))) {
            return Set.of();
        }
        return Stream.concat(
                        Stream.of(policy.rules(port).serverName()).filter(name -> !name.isEmpty()),
                        domains.verified()
                                .filter(domain -> domain.port().equals(port))
                                .map(Domain::name))
                .collect(Collectors.toSet());
    }

    /** Whether revisions have shares of what comes in at this port. */
    public boolean weighted(String port) {
        return endpoints.stream()
                .anyMatch(endpoint -> endpoint.weight() > 0 && endpoint.port().equals(port));
    }

    /** What each revision with ready endpoints gets of new sessions, oldest first; of the first port that has any. */
    public List<Traffic> traffic() {
        var ready = endpoints.stream()
                .filter(Endpoint::ready)
                .findFirst()
                .map(first ->
                        endpoints(first.port()).stream().filter(Endpoint::ready).toList())
                .orElse(List.of());
        int sum = ready.stream().mapToInt(Endpoint::weight).sum();
        return ready.stream()
                .collect(Collectors.groupingBy(Endpoint::revision, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(entry -> new Traffic(
                        entry.getKey(),
                        entry.getValue().size(),
                        sum == 0
                                ? 100.0 * entry.getValue().size() / ready.size()
                                : 100.0
                                        * entry.getValue().stream()
                                                .mapToInt(Endpoint::weight)
                                                .sum()
                                        / sum))
                .toList();
    }

    /**
     * @param revision 0 if it isn't known
     * @param percent of new sessions
     */
    public record Traffic(long revision, int readyTasks, double percent) {}

    /** Those of its routes that come in over TCP. */
    public List<Route.Stream> streams() {
        return routes(Route.Stream.class);
    }

    /** Those of its routes that are SIP over UDP. */
    public List<Route.Sip> sip() {
        return routes(Route.Sip.class);
    }

    private <R extends Route> List<R> routes(Class<R> kind) {
        return routes.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Whether any of its routes is SIP over UDP. */
    public boolean overUdp() {
        for (Route route : routes) {
            if (route instanceof Route.Sip) {
                return true;
            }
        }
        return false;
    }

    /** Whether an endpoint of its takes SIP over UDP. */
    public boolean overUdp(Endpoint endpoint) {
        return sip().stream().anyMatch(route -> route.port().equals(endpoint.port()));
    }

    /**
     * What is said of it once all balancers carry it.
     *
     * @param addresses at which it is reached, unless it is removed
     */
    public RouteEvent inForce(Instant at, List<Address> addresses) {
        return new RouteEvent(instanceId, tenant, sequence, at, removed ? List.of() : addresses, readyTasks(), removed);
    }

    /** Tasks with at least one endpoint that gets new traffic. */
    public int readyTasks() {
        return (int) endpoints.stream()
                .filter(Endpoint::ready)
                .map(Endpoint::taskId)
                .distinct()
                .count();
    }

    public List<Endpoint> endpoints(String port) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.port().equals(port))
                .toList();
    }
}
