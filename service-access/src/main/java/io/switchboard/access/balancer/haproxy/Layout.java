package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.haproxy.Claims.Place;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What HAProxy does, or should: servers of its backends, and the maps that lead to them.
 *
 * @param backends by name; a backend without servers may be missing
 * @param hosts backend by host name
 * @param ports backend by public port
 */
record Layout(Map<String, Map<String, Server>> backends, Map<String, String> hosts, Map<Integer, String> ports) {

    static final Layout EMPTY = new Layout(Map.of(), Map.of(), Map.of());

    Layout {
        Map<String, Map<String, Server>> copy = new TreeMap<>();
        backends.forEach((name, servers) -> copy.put(name, Map.copyOf(servers)));
        backends = copy;
        hosts = Map.copyOf(hosts);
        ports = Map.copyOf(ports);
    }

    /** What lies at these places, and the backends they lead to. */
    Layout at(Set<Place> places) {
        Map<String, Map<String, Server>> led = new HashMap<>();
        Map<String, String> someHosts = new HashMap<>();
        Map<Integer, String> somePorts = new HashMap<>();
        for (Place place : places) {
            var backend = switch (place) {
                case Place.Host(String name) -> entry(name, hosts, someHosts);
                case Place.Port(int number) -> entry(number, ports, somePorts);
            };
            if (backend != null && backends.containsKey(backend)) {
                led.put(backend, servers(backend));
            }
        }
        return new Layout(led, someHosts, somePorts);
    }

    /** This layout and the servers that another has in these backends. */
    Layout withServers(Layout other, Set<String> names) {
        Map<String, Map<String, Server>> more = new HashMap<>(backends);
        names.stream().filter(other.backends::containsKey).forEach(name -> more.put(name, other.servers(name)));
        return new Layout(more, hosts, ports);
    }

    private static <K> @Nullable String entry(K key, Map<K, String> from, Map<K, String> to) {
        var backend = from.get(key);
        if (backend != null) {
            to.put(key, backend);
        }
        return backend;
    }

    /** This layout after a part of it became another. */
    Layout with(Layout before, Layout after) {
        var changed = new TreeMap<>(backends);
        changed.putAll(after.backends);
        return new Layout(
                changed,
                before.hosts.equals(after.hosts) ? hosts : replaced(hosts, before.hosts, after.hosts),
                before.ports.equals(after.ports) ? ports : replaced(ports, before.ports, after.ports));
    }

    private static <K> Map<K, String> replaced(Map<K, String> all, Map<K, String> before, Map<K, String> after) {
        Map<K, String> next = new HashMap<>(all);
        next.keySet().removeAll(before.keySet());
        next.putAll(after);
        return next;
    }

    /** Backends that a host or port leads to, or that hold a server in use. */
    Set<String> backendsInUse() {
        Set<String> used = new HashSet<>(hosts.values());
        used.addAll(ports.values());
        backends.forEach((name, servers) -> {
            if (servers.values().stream().anyMatch(server -> server.state() != State.MAINT)) {
                used.add(name);
            }
        });
        return used;
    }

    Map<String, Server> servers(String backend) {
        return backends.getOrDefault(backend, Map.of());
    }

    /** @param address an IP address */
    record Server(String address, int port, State state) {

        Server in(State other) {
            return new Server(address, port, other);
        }
    }

    enum State {
        READY,
        /** Finishes what it has and gets nothing new. */
        DRAIN,
        /** Parked: gets nothing, and may be given another address. */
        MAINT
    }
}
