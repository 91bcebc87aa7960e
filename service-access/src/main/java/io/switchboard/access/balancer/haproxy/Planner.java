package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.haproxy.Layout.Server;
import io.switchboard.access.balancer.haproxy.Layout.State;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides where in HAProxy each upstream goes. All memory is in what HAProxy does already: an instance's backend is the
 * one its host or port leads to, an endpoint's server the one with its address. So a new agent continues where the last
 * one ended, and so does one that finds an HAProxy started from files.
 *
 * @param pool what can be given away
 * @param resting backends that must not be given away yet
 * @param others what HAProxy does besides what is planned, which stays
 */
record Planner(Pool pool, Predicate<String> resting, Layout others) {

    /**
     * @param layout what HAProxy should do
     * @param backends by instance, those that its routes lead to
     * @param refused by instance, why it has no place
     */
    record Assignment(Layout layout, Map<UUID, Set<String>> backends, Map<UUID, String> refused) {}

    /**
     * @param addresses IP address of each endpoint's host; an instance with a host that isn't there is refused, and what
     *     it had stays
     */
    Assignment plan(Layout observed, Collection<Upstream> upstreams, Function<String, String> addresses) {
        var draft = new Draft(observed, upstreams);
        // The latest comes last, and so gets what several claim.
        upstreams.stream()
                .filter(upstream -> !upstream.removed())
                .sorted(Comparator.comparing(Upstream::instanceId, Claims.BY_AGE))
                .forEach(upstream -> place(draft, upstream, addresses));
        draft.parkTheRest();
        return new Assignment(new Layout(draft.backends, draft.hosts, draft.ports), draft.placed, draft.refused);
    }

    private void place(Draft draft, Upstream upstream, Function<String, String> addresses) {
        Set<String> own = new HashSet<>();
        for (Route route : upstream.routes()) {
            var backend = draft.backend(this, route);
            if (backend.isEmpty()) {
                draft.refused.put(upstream.instanceId(), "no free backend is left");
                continue;
            }
            own.add(backend);
            draft.lead(route, backend);
            var servers = servers(draft.observed, backend);
            try {
                draft.backends.put(backend, servers(servers, upstream.endpoints(route.port()), addresses));
            } catch (IllegalArgumentException e) {
                draft.refused.put(upstream.instanceId(), String.valueOf(e.getMessage()));
                draft.backends.put(backend, servers);
            }
        }
        draft.placed.put(upstream.instanceId(), own);
    }

    /** A backend that is given away may have parked servers of an earlier instance. */
    private Map<String, Server> servers(Layout observed, String backend) {
        return (observed.backends().containsKey(backend) ? observed : others).servers(backend);
    }

    /** Servers that have an endpoint's address keep it; other endpoints go to parked servers, then to new ones. */
    private static Map<String, Server> servers(
            Map<String, Server> observed, List<Endpoint> endpoints, Function<String, String> addresses) {
        Map<Server, State> wanted = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            wanted.merge(
                    new Server(addresses.apply(endpoint.host()), endpoint.number(), State.MAINT),
                    endpoint.state() == TaskSnapshot.State.READY ? State.READY : State.DRAIN,
                    (one, other) -> one == State.READY ? one : other);
        }
        Map<String, Server> servers = new TreeMap<>();
        new TreeMap<>(observed).forEach((name, server) -> {
            var state = wanted.remove(server.in(State.MAINT));
            servers.put(name, server.in(state == null ? State.MAINT : state));
        });
        var parked = new TreeSet<>(observed.entrySet().stream()
                .filter(entry -> entry.getValue().state() == State.MAINT
                        && servers.getOrDefault(entry.getKey(), entry.getValue())
                                        .state()
                                == State.MAINT)
                .map(Map.Entry::getKey)
                .toList());
        int number = 1;
        for (var entry : wanted.entrySet()) {
            var name = parked.pollFirst();
            while (name == null) {
                var candidate = "s" + number++;
                name = servers.containsKey(candidate) ? null : candidate;
            }
            servers.put(name, entry.getKey().in(entry.getValue()));
        }
        return servers;
    }

    private static final class Draft {

        private final Layout observed;
        private final Map<String, Map<String, Server>> backends = new TreeMap<>();
        private final Map<String, String> hosts = new HashMap<>();
        private final Map<Integer, String> ports = new HashMap<>();
        private final Map<UUID, Set<String>> placed = new HashMap<>();
        private final Map<UUID, String> refused = new HashMap<>();
        /** Backends that a wanted route leads to already, or that still hold servers in use. */
        private final Set<String> used = new HashSet<>();
        /** Backends in use besides; looked for only when a new route needs a backend. */
        private @Nullable Set<String> usedByOthers;

        private Draft(Layout observed, Collection<Upstream> upstreams) {
            this.observed = observed;
            upstreams.stream()
                    .filter(upstream -> !upstream.removed())
                    .flatMap(upstream -> upstream.routes().stream())
                    .forEach(route -> {
                        var backend = leadsTo(route);
                        if (backend != null) {
                            used.add(backend);
                        }
                    });
            observed.backends().forEach((name, servers) -> {
                if (servers.values().stream().anyMatch(server -> server.state() != State.MAINT)) {
                    used.add(name);
                }
            });
        }

        private @Nullable String leadsTo(Route route) {
            return switch (route) {
                case Route.Host(String port, String host) -> observed.hosts().get(host);
                case Route.Port(String port, int number) -> observed.ports().get(number);
            };
        }

        /** Empty if none is left. */
        private String backend(Planner planner, Route route) {
            var current = leadsTo(route);
            if (current != null && planner.pool.contains(current)) {
                return current;
            }
            var others = usedByOthers;
            if (others == null) {
                others = planner.others.backendsInUse();
                usedByOthers = others;
            }
            var free = planner.pool.free(
                    route instanceof Route.Host ? 'h' : 't', used, planner.resting.or(others::contains));
            free.ifPresent(used::add);
            return free.orElse("");
        }

        private void lead(Route route, String backend) {
            switch (route) {
                case Route.Host(String port, String host) -> hosts.put(host, backend);
                case Route.Port(String port, int number) -> ports.put(number, backend);
            }
        }

        private void parkTheRest() {
            observed.backends()
                    .forEach((name, servers) -> backends.computeIfAbsent(name, none -> {
                        Map<String, Server> parked = new HashMap<>();
                        servers.forEach((server, state) -> parked.put(server, state.in(State.MAINT)));
                        return parked;
                    }));
        }
    }
}
