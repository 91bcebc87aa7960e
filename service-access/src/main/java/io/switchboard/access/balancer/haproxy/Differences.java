package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.haproxy.Layout.Server;
import io.switchboard.access.endpoint.Drift.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What one layout has otherwise than another, thing by thing. */
final class Differences {

    private Differences() {}

    static List<Difference> between(Layout wanted, Layout found) {
        List<Difference> differences = new ArrayList<>();
        compare("host ", wanted.hosts(), found.hosts(), Function.identity(), differences);
        compare("port ", wanted.ports(), found.ports(), Function.identity(), differences);
        compare("server ", servers(wanted), servers(found), Differences::text, differences);
        var should = Maps.of(wanted);
        var does = Maps.of(found);
        compare("rules of ", should.rules(), does.rules(), Function.identity(), differences);
        compare("network of ", should.allowed(), does.allowed(), Function.identity(), differences);
        compare("cookie of ", should.stickiness(), does.stickiness(), Function.identity(), differences);
        compare("name ", should.serverNames(), does.serverNames(), Function.identity(), differences);
        return differences;
    }

    /**
     * What is otherwise than it was wanted both before and after it was found: what was changed meanwhile may have been found either
     * way.
     */
    static List<Difference> inBoth(Layout before, Layout after, Layout found) {
        var differences = between(before, found);
        if (differences.isEmpty() || before.equals(after)) {
            return differences;
        }
        var still = between(after, found).stream().map(Difference::what).collect(Collectors.toSet());
        return differences.stream()
                .filter(difference -> still.contains(difference.what()))
                .toList();
    }

    private static Map<String, Server> servers(Layout layout) {
        Map<String, Server> servers = new HashMap<>();
        layout.backends()
                .forEach((backend, own) -> own.forEach((name, server) -> servers.put(backend + "/" + name, server)));
        return servers;
    }

    private static String text(Server server) {
        return Commands.socket(server)
                + " "
                + server.state()
                + (server.weight() == 1 ? "" : ", weight " + server.weight());
    }

    private static <K extends Comparable<K>, V> void compare(
            String kind, Map<K, V> wanted, Map<K, V> found, Function<V, String> text, List<Difference> differences) {
        var keys = new TreeSet<>(wanted.keySet());
        keys.addAll(found.keySet());
        for (K key : keys) {
            var should = wanted.get(key);
            var does = found.get(key);
            if (should == null ? does != null : !should.equals(does)) {
                differences.add(new Difference(
                        kind + key, should == null ? "" : text.apply(should), does == null ? "" : text.apply(does)));
            }
        }
    }
}
