package io.switchboard.access.testing;

import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Domain;
import io.switchboard.access.route.Domains;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.PublicPorts;
import io.switchboard.access.route.Registration;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Turns snapshots into upstreams, as a registry does. */
public record Routing(Addressing addressing, PortRange ports, Map<Integer, UUID> taken) {

    public Routing(int httpPort, PortRange ports) {
        this(new Addressing("switchboard.localhost", "127.0.0.1", httpPort), ports, new HashMap<>());
    }

    /** With a domain of its tenant's, which DNS has shown. */
    public Upstream named(Upstream upstream, String domain, String port) {
        return named(upstream, domain, "/", port);
    }

    /** The same by a path of it only. */
    public Upstream named(Upstream upstream, String domain, String path, String port) {
        var verified = Domain.claimed(domain, path, port, "0".repeat(40), Instant.EPOCH)
                .verified(Instant.EPOCH);
        return registration()
                .named(
                        upstream,
                        upstream.domains().with(verified, Domains.What.VERIFIED, "", Instant.EPOCH),
                        Optional.empty(),
                        Instant.EPOCH)
                .orElseThrow();
    }

    private Registration registration() {
        return new Registration(
                addressing,
                new PublicPorts(ports),
                place -> Optional.empty(),
                host -> Set.of(),
                number -> Optional.ofNullable(taken.get(number)));
    }

    public Upstream upstream(TaskSnapshot snapshot, Optional<Upstream> before) {
        var upstream = registration().upstream(snapshot, before, Instant.EPOCH);
        upstream.routes().forEach(route -> {
            if (route instanceof Route.Port(String port, int number)) {
                taken.put(number, snapshot.instanceId());
            }
        });
        return upstream;
    }
}
