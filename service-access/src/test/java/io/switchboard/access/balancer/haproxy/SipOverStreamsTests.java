package io.switchboard.access.balancer.haproxy;

import static io.switchboard.access.testing.Examples.SIP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.snapshot;
import static io.switchboard.access.testing.Examples.withPorts;
import static io.switchboard.access.testing.Sipp.Transport.TCP;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.Routing;
import io.switchboard.access.testing.Sipp;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of sipp over TCP, through a real HAProxy. */
class SipOverStreamsTests {

    private final PortRange ports = range();
    private final Routing routing = new Routing(FreePorts.next(), ports);
    private final UUID trunk = newInstanceId();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private HaproxyBalancer balancer;

    private Optional<Upstream> carried = Optional.empty();
    private long sequence;

    @BeforeEach
    void start() {
        balancer = HaproxyBalancerTests.balancer(
                directory.resolve("haproxy"),
                routing.addressing().publicPort(),
                ports,
                2,
                Duration.ZERO,
                1_000,
                Clock.systemUTC(),
                meters);
        balancer.audit(List.of());
    }

    @AfterEach
    void stop() {
        balancer.close();
    }

    /** ACK and BYE are requests of their own, which RFC 3261 sends where the INVITE went: down the same connection. */
    @Test
    void aCallOverTcpEndsAtTheTaskThatTookIt() {
        try (var one = new Sipp.Answering(directory, "one", TCP);
                var two = new Sipp.Answering(directory, "two", TCP)) {
            int port = carry(one.serving(State.READY), two.serving(State.READY));

            assertThat(calls(port, 20, Duration.ofMillis(200)).succeeded()).isTrue();

            for (var task : List.of(one, two)) {
                assertThat(task.seen("INVITE")).isNotEmpty();
                assertThat(task.seen("ACK")).isEqualTo(task.seen("INVITE"));
                assertThat(task.seen("BYE")).isEqualTo(task.seen("INVITE"));
            }
            assertThat(one.seen("INVITE")).doesNotContainAnyElementsOf(two.seen("INVITE"));
            assertThat(one.seen("INVITE").size() + two.seen("INVITE").size()).isEqualTo(20);
        }
    }

    @Test
    void aDrainingTaskEndsItsCallsOverTcpAndGetsNoNewOnes() {
        try (var one = new Sipp.Answering(directory, "one", TCP);
                var two = new Sipp.Answering(directory, "two", TCP)) {
            int port = carry(one.serving(State.READY));
            var held = calls(port, 10, Duration.ofSeconds(3));
            one.awaitCalls(10);

            carry(one.serving(State.DRAINING), two.serving(State.READY));
            assertThat(calls(port, 5, Duration.ZERO).succeeded()).isTrue();

            assertThat(two.seen("BYE")).hasSize(5);
            assertThat(held.succeeded()).isTrue();
            assertThat(one.seen("BYE")).hasSize(10).isEqualTo(one.seen("INVITE"));
            assertThat(meters.counter("access.reloads").count()).isZero();
        }
    }

    /** The public port of the trunk, once HAProxy leads there. */
    private int carry(ServingTask... tasks) {
        var upstream = routing.upstream(withPorts(snapshot(trunk, "trunk", ++sequence, tasks), SIP), carried);
        carried = Optional.of(upstream);
        balancer.carry(List.of(upstream));
        return upstream.routes().stream()
                .filter(Route.Port.class::isInstance)
                .map(Route.Port.class::cast)
                .findFirst()
                .orElseThrow()
                .number();
    }

    private Sipp.Calls calls(int port, int number, Duration lasting) {
        return Sipp.Calls.begin(directory, TCP, port, "trunk.acme.switchboard.localhost", number, lasting);
    }

    private static PortRange range() {
        int first = FreePorts.next(2);
        return new PortRange(first, first + 1);
    }
}
