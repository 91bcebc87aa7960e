package io.switchboard.access.endpoint;

import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Domains;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.PublicPorts;
import io.switchboard.access.route.Registration;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** For one process without etcd: filled again from the scheduler after each start. */
final class InMemoryRegistry implements EndpointRegistry {

    private final Clock clock;
    private final Registration registration;
    private final Map<UUID, Upstream> known = new ConcurrentHashMap<>();
    private final AgentReports agents = new OwnReport();
    private volatile long changes;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    InMemoryRegistry(Clock clock, Addressing addressing, PublicPorts ports) {
        this.clock = clock;
        this.registration = new Registration(
                addressing,
                ports,
                place -> owner(upstream -> upstream.domains()
                                .verified()
                                .anyMatch(domain -> domain.place().equals(place))
                        || has(
                                upstream,
                                route -> route instanceof Route.Http http
                                                && http.place().equals(place)
                                        || route instanceof Route.Sip(String name, String domain)
                                                && domain.equals(place))),
                this::tenants,
                number -> owner(upstream ->
                        has(upstream, route -> route instanceof Route.Port(String port, int held) && held == number)));
    }

    @Override
    public synchronized void register(TaskSnapshot snapshot) {
        registration
                .news(snapshot, upstream(snapshot.instanceId()), clock.instant())
                .ifPresent(after -> {
                    known.put(after.instanceId(), after);
                    changes = changes + 1;
                    listeners.forEach(Runnable::run);
                });
    }

    /** Nobody else is asked who vouches. */
    @Override
    public void confirm(Set<UUID> instances, long asked) {}

    @Override
    public synchronized Optional<Upstream> govern(UUID instanceId, Policy policy) {
        var after = upstream(instanceId)
                .filter(upstream -> !upstream.removed())
                .map(upstream -> upstream.policy().equals(policy) ? upstream : upstream.under(policy, clock.instant()));
        after.ifPresent(upstream -> known.put(instanceId, upstream));
        listeners.forEach(Runnable::run);
        return after;
    }

    @Override
    public synchronized Optional<Upstream> name(
            UUID instanceId, String name, UnaryOperator<Domains> change, Optional<UUID> from) {
        var before = upstream(instanceId).filter(upstream -> !upstream.removed());
        before.flatMap(upstream -> {
                    var domains = change.apply(upstream.domains());
                    return domains.equals(upstream.domains())
                            ? Optional.empty()
                            : registration.named(upstream, domains, from, clock.instant());
                })
                .ifPresent(upstream -> {
                    known.put(instanceId, upstream);
                    listeners.forEach(Runnable::run);
                });
        return upstream(instanceId).filter(upstream -> !upstream.removed());
    }

    @Override
    public Collection<Upstream> upstreams() {
        return List.copyOf(known.values());
    }

    @Override
    public Optional<Upstream> upstream(UUID instanceId) {
        return Optional.ofNullable(known.get(instanceId));
    }

    @Override
    public boolean answers() {
        return true;
    }

    @Override
    public boolean stale(Upstream upstream, Endpoint endpoint) {
        return false;
    }

    /** Each change counts as one revision. */
    @Override
    public Position position() {
        return new Position("", changes, changes);
    }

    @Override
    public long revision(UUID instanceId) {
        return 0;
    }

    @Override
    public AgentReports agents() {
        return agents;
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private Set<String> tenants(String host) {
        return known.values().stream()
                .filter(upstream -> !upstream.removed()
                        && upstream.domains()
                                .verified()
                                .anyMatch(domain -> domain.name().equals(host)))
                .map(Upstream::tenant)
                .collect(Collectors.toSet());
    }

    private static boolean has(Upstream upstream, Predicate<Route> route) {
        return upstream.routes().stream().anyMatch(route);
    }

    private Optional<UUID> owner(Predicate<Upstream> holds) {
        return known.values().stream()
                .filter(upstream -> !upstream.removed() && holds.test(upstream))
                .map(Upstream::instanceId)
                .findFirst();
    }
}
