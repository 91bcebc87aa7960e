package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.haproxy.Claims.Place;
import io.switchboard.access.balancer.haproxy.Layout.Server;
import io.switchboard.access.balancer.haproxy.Layout.State;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * @param resting backends that must not be given away yet, but to whom they were left by
 * @param others what HAProxy does besides what is planned, which stays
 */
record Planner(Pool pool, Map<String, Left> resting, Layout others) {

    /** Whose a backend was, and for which of its routes. */
    record Left(UUID instance, Place place) {}

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
        // The latest comes last, and so gets what several claim.
        var inOrder = upstreams.stream()
                .filter(upstream -> !upstream.removed())
                .sorted(Comparator.comparing(Upstream::instanceId, Upstream.BY_AGE))
                .toList();
        var draft = new Draft(observed, inOrder);
        inOrder.forEach(upstream -> place(draft, upstream, addresses));
        draft.parkTheRest();
        return new Assignment(
                new Layout(draft.backends, draft.hosts, draft.ports, draft.treatments), draft.placed, draft.refused);
    }

    private void place(Draft draft, Upstream upstream, Function<String, String> addresses) {
        Set<String> own = new HashSet<>();
        for (Route.Stream route : upstream.streams()) {
            var backend = draft.backend(this, upstream.instanceId(), route);
            if (backend.isEmpty()) {
                draft.refused.put(
                        upstream.instanceId(),
                        "no free backend is left for " + route.port() + "; access.haproxy.most-backends is the end");
                continue;
            }
            own.add(backend);
            draft.lead(route, backend);
            var servers = servers(draft.observed, backend);
            try {
                var wanted = wanted(upstream.endpoints(route.port()), upstream.weighted(route.port()), addresses);
                var first = upstream.proxied(route) ? Layout.PROXIED : Layout.PLAIN;
                draft.backends.put(backend, servers(servers, wanted, first));
                draft.treat(backend, upstream, route, tokens(route, wanted));
            } catch (IllegalArgumentException e) {
                draft.refused.put(upstream.instanceId(), String.valueOf(e.getMessage()));
                draft.backends.put(backend, servers);
                // Without servers there is nobody to come back to; who may come at all is as it should be.
                draft.treat(backend, upstream, route, Map.of());
            }
        }
        draft.placed.put(upstream.instanceId(), own);
    }

    /** A backend that is given away may have parked servers of an earlier instance. */
    private Map<String, Server> servers(Layout observed, String backend) {
        return (observed.backends().containsKey(backend) ? observed : others).servers(backend);
    }

    /** @param endpoint one of those at an address; they are most likely one task that is told twice */
    private record Wanted(Endpoint endpoint, Server server) {

        private static Wanted preferred(Wanted one, Wanted other) {
            return one.server.state() == State.READY ? one : other;
        }
    }

    /** By socket. */
    private static Map<String, Wanted> wanted(
            List<Endpoint> endpoints, boolean weighted, Function<String, String> addresses) {
        Map<String, Wanted> wanted = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            var server = new Server(
                    addresses.apply(endpoint.host()),
                    endpoint.number(),
                    endpoint.ready() ? State.READY : State.DRAIN,
                    weighted ? endpoint.weight() : 1);
            wanted.merge(Commands.socket(server), new Wanted(endpoint, server), Wanted::preferred);
        }
        return wanted;
    }

    /** By socket; none where nobody could send a cookie. */
    private static Map<String, String> tokens(Route.Stream route, Map<String, Wanted> wanted) {
        if (route instanceof Route.Port) {
            return Map.of();
        }
        Map<String, String> tokens = new HashMap<>();
        wanted.forEach((socket, one) -> tokens.put(socket, Treatment.token(one.endpoint())));
        return tokens;
    }

    /**
     * Servers that have an endpoint's address keep it; other endpoints go to parked servers, then to new ones.
     *
     * @param first what the names of these servers begin with; others are parked
     */
    private static Map<String, Server> servers(Map<String, Server> observed, Map<String, Wanted> wanted, String first) {
        var homeless = new LinkedHashMap<>(wanted);
        Map<String, Server> servers = new TreeMap<>();
        new TreeMap<>(observed).forEach((name, server) -> {
            var here = name.startsWith(first) ? homeless.remove(Commands.socket(server)) : null;
            servers.put(name, here == null ? server.in(State.MAINT) : at(server, here.server()));
        });
        var parked = new TreeSet<>(observed.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(first)
                        && entry.getValue().state() == State.MAINT
                        && servers.getOrDefault(entry.getKey(), entry.getValue())
                                        .state()
                                == State.MAINT)
                .map(Map.Entry::getKey)
                .toList());
        int number = 1;
        for (var one : homeless.values()) {
            var name = parked.pollFirst();
            while (name == null) {
                var candidate = first + number++;
                name = servers.containsKey(candidate) ? null : candidate;
            }
            servers.put(name, one.server());
        }
        return servers;
    }

    /** The weight of what gets nothing new is left as it is. */
    private static Server at(Server now, Server wanted) {
        return wanted.state() == State.READY ? wanted : now.in(wanted.state());
    }

    private static final class Draft {

        private final Layout observed;
        private final Map<String, Map<String, Server>> backends = new TreeMap<>();
        private final Map<String, String> hosts = new HashMap<>();
        private final Map<Integer, String> ports = new HashMap<>();
        private final Map<Place, Pool.Kind> kinds = new HashMap<>();
        /** By each place that is planned already, whoever else claims it. */
        private final Map<Place, String> led = new HashMap<>();

        private final Map<String, Treatment> treatments = new HashMap<>();
        /** Backend by name in TLS. */
        private final Map<String, String> named = new HashMap<>();

        private final Map<UUID, Set<String>> placed = new HashMap<>();
        private final Map<UUID, String> refused = new HashMap<>();
        /** Backends that a wanted route leads to already, or that still hold servers in use. */
        private final Set<String> used = new HashSet<>();

        /** @param upstreams whoever has what several claim comes last */
        private Draft(Layout observed, List<Upstream> upstreams) {
            this.observed = observed;
            for (Upstream upstream : upstreams) {
                for (Route.Stream route : upstream.streams()) {
                    kinds.put(Place.of(route), Pool.Kind.of(route, upstream.weighted(route.port())));
                    var backend = leadsTo(route);
                    if (backend != null) {
                        used.add(backend);
                    }
                }
            }
            observed.backends().keySet().stream().filter(observed::serves).forEach(used::add);
        }

        private @Nullable String leadsTo(Route.Stream route) {
            return switch (route) {
                case Route.Http http -> observed.hosts().get(http.place());
                case Route.Port(String port, int number) -> observed.ports().get(number);
            };
        }

        /** Empty if none is left. */
        private String backend(Planner planner, UUID instance, Route.Stream route) {
            var drafted = led.get(Place.of(route));
            if (drafted != null) {
                return drafted;
            }
            var kind = Objects.requireNonNull(kinds.get(Place.of(route)));
            var current = leadsTo(route);
            if (current != null && planner.pool.contains(kind, current)) {
                return current;
            }
            var left = new Left(instance, Place.of(route));
            for (var resting : planner.resting.entrySet()) {
                // Old requests there are its own.
                if (resting.getValue().equals(left)
                        && planner.pool.contains(kind, resting.getKey())
                        && used.add(resting.getKey())) {
                    return resting.getKey();
                }
            }
            var others = planner.others;
            Predicate<String> resting = planner.resting::containsKey;
            var taken = resting.or(used::contains).or(others::leadsTo).or(others::serves);
            // Backends are given away from the first on, so that many of them are taken and the next is often free.
            var free = planner.pool.free(
                    kind,
                    taken,
                    used.size() + others.hosts().size() + others.ports().size());
            free.ifPresent(used::add);
            return free.orElse("");
        }

        private void lead(Route.Stream route, String backend) {
            led.put(Place.of(route), backend);
            switch (route) {
                case Route.Http http -> hosts.put(http.place(), backend);
                case Route.Port(String port, int number) -> ports.put(number, backend);
            }
        }

        private void treat(String backend, Upstream upstream, Route.Stream route, Map<String, String> tokens) {
            var treatment = Treatment.of(upstream, route, backends.getOrDefault(backend, Map.of()), tokens);
            if (treatment.equals(Treatment.NONE)) {
                // What an earlier instance that claimed the same place wanted counts no more.
                treatments.remove(backend);
            } else {
                treatments.put(backend, treatment);
                treatment.serverNames().forEach(name -> name(backend, name));
            }
        }

        /** What several want to be called is the latest's. */
        private void name(String backend, String serverName) {
            var earlier = named.put(serverName, backend);
            if (earlier != null && !earlier.equals(backend)) {
                treatments.computeIfPresent(earlier, (key, treatment) -> {
                    var left = treatment.withoutServerName(serverName);
                    return left.equals(Treatment.NONE) ? null : left;
                });
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
