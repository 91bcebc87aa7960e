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
 * What to tell HAProxy so that it does something else than it does now. New servers come first, then how their callers are
 * treated, then the maps that lead there, and what goes away comes last, so that no request finds nothing in between, and
 * none finds a door open that is to be closed. Servers are never deleted: HAProxy 2.6 can crash on {@code del server}.
 *
 * @param directory where the files are by which HAProxy knows its maps
 * @param checks whether new servers are checked
 */
record Commands(Path directory, boolean checks) {

    List<String> between(Layout observed, Layout desired) {
        List<String> commands = new ArrayList<>();
        List<String> going = new ArrayList<>();
        new TreeMap<>(desired.backends())
                .forEach((backend, servers) -> new TreeMap<>(servers).forEach((name, server) -> {
                    var now = observed.servers(backend).get(name);
                    if (!server.equals(now)) {
                        var to = server.state() == State.READY ? commands : going;
                        to.addAll(server(backend + "/" + name, Layout.options(name), now, server));
                    }
                }));
        var files = Maps.files(directory);
        var before = Maps.of(observed).all();
        var after = Maps.of(desired).all();
        // From what is asked last for a caller to what is asked first, and back for what goes.
        for (int at = files.size() - 1; at >= 0; at--) {
            commands.addAll(put(files.get(at), before.get(at), after.get(at)));
        }
        for (int at = 0; at < files.size(); at++) {
            commands.addAll(deleted(files.get(at), before.get(at), after.get(at)));
        }
        commands.addAll(going);
        return commands;
    }

    private List<String> server(String name, String options, @Nullable Server now, Server next) {
        List<String> commands = new ArrayList<>();
        if (now == null) {
            commands.add("add server " + name + " " + socket(next) + (next.weight() == 1 ? "" : weight(next)) + options
                    + (checks ? ConfigFile.CHECK : ""));
            if (checks) {
                commands.add("enable health " + name);
            }
        } else {
            if (!now.isAt(next)) {
                commands.add("set server " + name + " addr " + next.address() + " port " + next.port());
            }
            if (now.weight() != next.weight()) {
                commands.add("set server " + name + weight(next));
            }
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

    static String weight(Server server) {
        return " weight " + server.weight();
    }

    private static List<String> put(Path file, Map<String, String> observed, Map<String, String> desired) {
        List<String> commands = new ArrayList<>();
        new TreeMap<>(desired).forEach((key, value) -> {
            var now = observed.get(key);
            if (now == null) {
                commands.add("add map " + file + " " + key + " " + value);
            } else if (!now.equals(value)) {
                commands.add("set map " + file + " " + key + " " + value);
            }
        });
        return commands;
    }

    private static List<String> deleted(Path file, Map<String, String> observed, Map<String, String> desired) {
        return new TreeMap<>(observed)
                .keySet().stream()
                        .filter(key -> !desired.containsKey(key))
                        .map(key -> "del map " + file + " " + key)
                        .toList();
    }
}
