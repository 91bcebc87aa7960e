package io.switchboard.access.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.PortSpec.Protocol;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AddressingTests {

    private static final Upstream DESK = new Upstream(
            new UUID(0x7000, 1),
            "acme",
            "desk",
            "acd",
            1,
            Instant.EPOCH,
            List.of(new Route.Host("http", "desk.acme.example"), new Route.Port("sip", 22_017)),
            List.of(),
            false);

    @Test
    void addressesSayWhichWayCallersCome() {
        assertThat(urls(new Addressing("example", "calls.example", 8000)))
                .containsExactly("http://desk.acme.example:8000", "tcp://calls.example:22017");
        assertThat(urls(new Addressing("example", "calls.example", 80)))
                .containsExactly("http://desk.acme.example", "tcp://calls.example:22017");
        assertThat(urls(new Addressing("example", "calls.example", 8000, 8443, 5060)))
                .containsExactly("https://desk.acme.example:8443", "tcp://calls.example:22017");
        assertThat(urls(new Addressing("example", "calls.example", 8000, 443, 5060)))
                .containsExactly("https://desk.acme.example", "tcp://calls.example:22017");
    }

    @Test
    void mediaHasNoRouteAndNoEndpoint() {
        var ports = List.of(new PortSpec("http", Protocol.HTTP, 8080), new PortSpec("rtp", Protocol.RTP, 0, 880));
        var task = new ServingTask("task-1", "10.0.0.1", Map.of("http", 20_001, "rtp", 10_000), State.READY);
        var snapshot = new TaskSnapshot(new UUID(0x7000, 1), "acme", "desk", "acd", 1, ports, List.of(task), false);
        var upstream = new Registration(
                        new Addressing("example", "calls.example", 8000),
                        new PublicPorts(new PortRange(1, 1)),
                        place -> Optional.empty(),
                        host -> Set.of(),
                        number -> Optional.empty())
                .upstream(snapshot, Optional.empty(), Instant.EPOCH);

        assertThat(upstream.routes()).containsExactly(new Route.Host("http", "desk.acme.example"));
        assertThat(upstream.endpoints()).extracting(Endpoint::port).containsExactly("http");
        assertThat(Registration.alreadyKnown(snapshot, upstream)).isTrue();
    }

    @Test
    void sipOverUdpIsReachedByItsDomain() {
        var ports = List.of(
                new PortSpec("http", Protocol.HTTP, 8080),
                new PortSpec("sip", Protocol.SIP_UDP, 5060),
                new PortSpec("trunk", Protocol.SIP_UDP, 5062));
        var snapshot = new TaskSnapshot(new UUID(0x7000, 1), "acme", "desk", "acd", 1, ports, List.of(), false);
        var addressing = new Addressing("example", "calls.example", 8000, 0, 5070);
        var upstream = new Registration(
                        addressing,
                        new PublicPorts(new PortRange(1, 1)),
                        place -> Optional.empty(),
                        host -> Set.of(),
                        number -> Optional.empty())
                .upstream(snapshot, Optional.empty(), Instant.EPOCH);

        assertThat(addressing.addresses(upstream))
                .extracting(Address::url)
                .containsExactly(
                        "http://desk.acme.example:8000",
                        "sip:desk.acme.example:5070;transport=udp",
                        "sip:trunk.desk.acme.example:5070;transport=udp");
    }

    private static List<String> urls(Addressing addressing) {
        return addressing.addresses(DESK).stream().map(Address::url).toList();
    }
}
