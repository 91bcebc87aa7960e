package io.switchboard.access.testing;

import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Registration;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Turns snapshots into upstreams, as a registry does. */
public record Routing(Addressing addressing, PortRange ports, Map<Integer, UUID> taken) {

    public Routing(int httpPort, PortRange ports) {
        this(new Addressing("switchboard.localhost", "127.0.0.1", httpPort), ports, new HashMap<>());
    }

    public Upstream upstream(TaskSnapshot snapshot, Optional<Upstream> before) {
        var registration = new Registration(
                addressing, ports, host -> Optional.empty(), number -> Optional.ofNullable(taken.get(number)));
        var upstream = registration.upstream(snapshot, before, Instant.EPOCH);
        upstream.routes().forEach(route -> {
            if (route instanceof Route.Port(String port, int number)) {
                taken.put(number, snapshot.instanceId());
            }
        });
        return upstream;
    }
}
