package io.switchboard.access.balancer.haproxy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Asks an HAProxy that another process looks after. */
public final class ServersInUse {

    private ServersInUse() {}

    /** Ports of the servers that get new sessions, in no order. */
    public static List<Integer> ports(Path directory) {
        try (var api = new RuntimeApi(Duration.ofSeconds(60))) {
            return RuntimeApi.servers(
                            api.send(SocketDirectory.of(directory).resolve("admin.sock"), "show servers state"))
                    .values()
                    .stream()
                    .flatMap(servers -> servers.values().stream())
                    .filter(server -> server.state() == Layout.State.READY)
                    .map(Layout.Server::port)
                    .toList();
        }
    }
}
