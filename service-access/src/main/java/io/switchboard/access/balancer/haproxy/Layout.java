package io.switchboard.access.balancer.haproxy;

import java.util.Map;
import java.util.TreeMap;

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
