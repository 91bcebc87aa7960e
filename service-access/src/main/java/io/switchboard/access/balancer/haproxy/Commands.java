package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.haproxy.Layout.Server;
import io.switchboard.access.balancer.haproxy.Layout.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What to tell HAProxy so that it does something else than it does now. New servers come first, then the maps, and what
 * goes away comes last, so that no request finds nothing in between. Servers are never deleted: HAProxy 2.6 can crash
 * on {@code del server}.
 *
 * @param hostMap the file by which HAProxy knows the map of hosts
 * @param checks whether new servers are checked
 */
record Commands(Path hostMap, Path portMap, boolean checks) {

    List<String> between(Layout observed, Layout desired) {
        List<String> coming = new ArrayList<>();
        List<String> going = new ArrayList<>();
        desired.backends()
                .forEach((backend, servers) -> new TreeMap<>(servers).forEach((name, server) -> {
                    var now = observed.servers(backend).get(name);
                    if (!server.equals(now)) {
                        var commands = server.state() == State.READY ? coming : going;
                        commands.addAll(server(backend + "/" + name, now, server));
                    }
                }));
        List<String> commands = new ArrayList<>(coming);
        commands.addAll(map(hostMap, observed.hosts(), desired.hosts()));
        commands.addAll(map(portMap, observed.ports(), desired.ports()));
        commands.addAll(going);
        return commands;
    }

    private List<String> server(String name, @Nullable Server now, Server next) {
        List<String> commands = new ArrayList<>();
        if (now == null) {
            commands.add("add server " + name + " " + socket(next) + (checks ? ConfigFile.CHECK : ""));
            if (checks) {
                commands.add("enable health " + name);
            }
        } else if (!now.address().equals(next.address()) || now.port() != next.port()) {
            commands.add("set server " + name + " addr " + next.address() + " port " + next.port());
        }
        if ((now == null ? State.MAINT : now.state()) != next.state()) {
            commands.add("set server " + name + " state "
                    + switch (next.state()) {
                        case READY -> "ready";
                        case DRAIN -> "drain";
                        case MAINT -> "maint";
                    });
        }
        return commands;
    }

    static String socket(Server server) {
        return (server.address().contains(":") ? "[" + server.address() + "]" : server.address()) + ":" + server.port();
    }

    private static <K extends Comparable<K>> List<String> map(
            Path file, Map<K, String> observed, Map<K, String> desired) {
        List<String> commands = new ArrayList<>();
        new TreeMap<>(desired).forEach((key, backend) -> {
            var now = observed.get(key);
            if (now == null) {
                commands.add("add map " + file + " " + key + " " + backend);
            } else if (!now.equals(backend)) {
                commands.add("set map " + file + " " + key + " " + backend);
            }
        });
        new TreeMap<>(observed)
                .keySet().stream()
                        .filter(key -> !desired.containsKey(key))
                        .forEach(key -> commands.add("del map " + file + " " + key));
        return commands;
    }
}
