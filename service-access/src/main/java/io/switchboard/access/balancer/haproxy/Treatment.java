package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.haproxy.Layout.Server;
import io.switchboard.access.balancer.haproxy.Layout.State;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Network;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the maps say of one backend's callers.
 *
 * @param rules the fields below, joined by colons; empty if it treats everybody alike
 * @param allowed what keys of callers who may come in start with; see {@link #allowed(List)}
 * @param serverNames by which callers of TLS reach it as they are
 * @param stickiness server by the token of a caller's cookie, after a dot, and the token by the server, after a slash
 */
record Treatment(String rules, Set<String> allowed, Map<String, String> stickiness, Set<String> serverNames) {

    static final Treatment NONE = new Treatment("", Set.of(), Map.of(), Set.of());

    /** Where in the rules what stands, from 1 as HAProxy counts. */
    static final int ACCESS = 1;

    static final int STICKINESS = 2;
    static final int TUNNEL_MILLIS = 3;
    static final int CONNECTIONS = 4;
    static final int PER_SECOND = 5;
    static final int CONNECTIONS_PER_SOURCE = 6;
    static final int PER_SECOND_PER_SOURCE = 7;
    static final int COUNTED_AS = 8;

    static final String LISTED = "listed";
    static final String STICKY = "sticky";

    /** HAProxy's usual limit; any other number would be one more case. */
    private static final long DAY_SECONDS = 86_400;

    Treatment {
        allowed = Set.copyOf(allowed);
        stickiness = Map.copyOf(stickiness);
        serverNames = Set.copyOf(serverNames);
    }

    /**
     * @param servers those of the backend, by name
     * @param tokens by socket, of tasks that a caller can come back to
     */
    static Treatment of(
            Upstream upstream, Route.Stream route, Map<String, Server> servers, Map<String, String> tokens) {
        var rules = upstream.policy().rules(route.port());
        var serverNames = upstream.serverNames(route.port());
        if (rules.equals(Policy.Rules.NONE)) {
            return serverNames.isEmpty() ? NONE : new Treatment("", Set.of(), Map.of(), serverNames);
        }
        // Not by the backend, which the instance may leave for another while its connections are held.
        return new Treatment(
                text(rules) + ":" + hash(upstream.instanceId() + " " + route.port()),
                allowed(rules.allow()),
                rules.sticky() ? stickiness(servers, tokens) : Map.of(),
                serverNames);
    }

    Treatment withoutServerName(String name) {
        return new Treatment(
                rules,
                allowed,
                stickiness,
                serverNames.stream().filter(each -> !each.equals(name)).collect(Collectors.toSet()));
    }

    private static String text(Policy.Rules rules) {
        var limits = rules.limits();
        return String.join(
                ":",
                rules.allow().isEmpty() ? "open" : LISTED,
                rules.sticky() ? STICKY : "loose",
                Long.toString(1_000 * (rules.tunnelSeconds() == 0 ? DAY_SECONDS : rules.tunnelSeconds())),
                limit(limits.connections()),
                limit(limits.perSecond()),
                limit(limits.connectionsPerSource()),
                limit(limits.perSecondPerSource()));
    }

    private static String limit(int limit) {
        return Integer.toString(limit == 0 ? Integer.MAX_VALUE : limit);
    }

    /**
     * A caller's key is the length of the address in hexadecimal digits, a slash and the address. What listens on IPv6 sees
     * callers by IPv4 as {@code ::ffff:10.0.0.1}, so they are listed in this form, too.
     */
    private static Set<String> allowed(List<Network> networks) {
        Set<String> allowed = new HashSet<>();
        for (Network network : networks) {
            for (String prefix : network.hexPrefixes()) {
                if (network.ipv4()) {
                    allowed.add("8/" + prefix);
                    allowed.add("32/00000000000000000000FFFF" + prefix);
                } else {
                    allowed.add("32/" + prefix);
                }
            }
        }
        return allowed;
    }

    /** Nobody comes back to a server that drains: what is new there would keep its task from ending. */
    private static Map<String, String> stickiness(Map<String, Server> servers, Map<String, String> tokens) {
        Map<String, String> stickiness = new HashMap<>();
        servers.forEach((name, server) -> {
            var token = tokens.get(Commands.socket(server));
            if (server.state() == State.READY && token != null) {
                stickiness.put("." + token, name);
                stickiness.put("/" + name, token);
            }
        });
        return stickiness;
    }

    /** What a cookie says of a task: the same from every HAProxy, after every restart, and nothing about where it runs. */
    static String token(Endpoint endpoint) {
        return hash(endpoint.taskId() + " " + endpoint.port());
    }

    private static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
