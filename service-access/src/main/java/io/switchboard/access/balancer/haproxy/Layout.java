package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.haproxy.Claims.Place;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What HAProxy does, or should: servers of its backends, and the maps that lead to them.
 *
 * @param backends by name; those without servers are missing
 * @param hosts backend by host name, and by host name and path
 * @param ports backend by public port
 * @param treatments by backend; those that treat everybody alike are missing
 */
record Layout(
        Shards<String, Map<String, Server>> backends,
        Leads<String> hosts,
        Leads<Integer> ports,
        Shards<String, Treatment> treatments) {

    static final Layout EMPTY = new Layout(Map.of(), Map.of(), Map.of(), Map.of());

    Layout(
            Map<String, Map<String, Server>> backends,
            Map<String, String> hosts,
            Map<Integer, String> ports,
            Map<String, Treatment> treatments) {
        this(Shards.of(withServers(backends)), Leads.of(hosts), Leads.of(ports), Shards.of(treatments));
    }

    /** What HAProxy tells of itself has no others, either. */
    private static Map<String, Map<String, Server>> withServers(Map<String, Map<String, Server>> backends) {
        Map<String, Map<String, Server>> copy = new HashMap<>(backends);
        copy.values().removeIf(Map::isEmpty);
        copy.replaceAll((name, servers) -> Map.copyOf(servers));
        return copy;
    }

    /** What lies at these places, and the backends they lead to. */
    Layout at(Set<Place> places) {
        Map<String, Map<String, Server>> led = new HashMap<>();
        Map<String, String> someHosts = new HashMap<>();
        Map<Integer, String> somePorts = new HashMap<>();
        Map<String, Treatment> someTreatments = new HashMap<>();
        for (Place place : places) {
            var backend = switch (place) {
                case Place.Host(String name) -> entry(name, hosts, someHosts);
                case Place.Port(int number) -> entry(number, ports, somePorts);
                case Place.ServerName(String name) -> named(name);
            };
            if (backend != null) {
                entry(backend, treatments, someTreatments);
                if (backends.containsKey(backend)) {
                    led.put(backend, servers(backend));
                }
            }
        }
        return new Layout(led, someHosts, somePorts, someTreatments);
    }

    private @Nullable String named(String serverName) {
        return treatments.entrySet().stream()
                .filter(entry -> entry.getValue().serverNames().contains(serverName))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** This layout and what another has of these backends. */
    Layout withServers(Layout other, Set<String> names) {
        Map<String, Map<String, Server>> more = new HashMap<>(backends);
        Map<String, Treatment> moreTreatments = new HashMap<>(treatments);
        for (String name : names) {
            if (other.backends.containsKey(name)) {
                more.put(name, other.servers(name));
            }
            entry(name, other.treatments, moreTreatments);
        }
        return new Layout(more, hosts, ports, moreTreatments);
    }

    private static <K, V> @Nullable V entry(K key, Map<K, V> from, Map<K, V> to) {
        var value = from.get(key);
        if (value != null) {
            to.put(key, value);
        }
        return value;
    }

    /** This layout after a part of it became another. */
    Layout with(Layout before, Layout after) {
        return new Layout(
                backends.with(Set.of(), after.backends),
                hosts.with(before.hosts, after.hosts),
                ports.with(before.ports, after.ports),
                treatments.with(before.treatments.keySet(), after.treatments));
    }

    /** Backends that a host or port leads to. */
    Set<String> led() {
        Set<String> led = new HashSet<>(hosts.backends());
        led.addAll(ports.backends());
        return led;
    }

    /** Whether a host or port leads to the backend. */
    boolean leadsTo(String backend) {
        return hosts.leadTo(backend) || ports.leadTo(backend);
    }

    /** Whether a server of the backend may have sessions. */
    boolean serves(String backend) {
        return servers(backend).values().stream().anyMatch(server -> server.state() != State.MAINT);
    }

    /** Backends with servers, and those that a host or port leads to. */
    Set<String> mentioned() {
        var mentioned = led();
        mentioned.addAll(backends.keySet());
        return mentioned;
    }

    Map<String, Server> servers(String backend) {
        return backends.getOrDefault(backend, Map.of());
    }

    Treatment treatment(String backend) {
        return treatments.getOrDefault(backend, Treatment.NONE);
    }

    /**
     * @param address an IP address
     * @param weight by which it gets new sessions, 0 to 256; 1 where all have the same
     */
    record Server(String address, int port, State state, int weight) {

        Server(String address, int port, State state) {
            this(address, port, state, 1);
        }

        Server in(State other) {
            return new Server(address, port, other, weight);
        }

        Server weighing(int other) {
            return new Server(address, port, state, other);
        }

        boolean isAt(Server other) {
            return address.equals(other.address) && port == other.port;
        }
    }

    /** What names of servers begin with. How a server is spoken to can't be changed while HAProxy runs, so the name tells it. */
    static final String PLAIN = "s";

    /** One that is told who calls, by the PROXY protocol. */
    static final String PROXIED = "p";

    /** What stands behind a server's address when it is made. */
    static String options(String server) {
        return server.startsWith(PROXIED) ? " send-proxy-v2" : "";
    }

    enum State {
        READY,
        /** Finishes what it has and gets nothing new. */
        DRAIN,
        /** Parked: gets nothing, and may be given another address. */
        MAINT
    }
}
