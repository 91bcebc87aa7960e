package io.switchboard.access.balancer;

import static io.switchboard.access.testing.Examples.HTTP;
import static io.switchboard.access.testing.Examples.SIP_UDP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.removed;
import static io.switchboard.access.testing.Examples.snapshot;
import static io.switchboard.access.testing.Examples.withPorts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.balancer.Balancer.Outcome;
import io.switchboard.access.balancer.direct.DirectBalancer;
import io.switchboard.access.balancer.kamailio.KamailioBalancer;
import io.switchboard.access.balancer.kamailio.KamailioProgram;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.OwnKamailio;
import io.switchboard.access.testing.Programs;
import io.switchboard.access.testing.Routing;
import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CombinedBalancerTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final ServingTask TASK =
            new ServingTask("one", "127.0.0.1", Map.of("http", 31_000, "sip", 31_001), State.READY);

    private static final ServingTask OTHER_TASK =
            new ServingTask("other", "127.0.0.1", Map.of("http", 31_000, "sip", 31_002), State.READY);

    private final int port = FreePorts.next();
    private final Addressing addressing = new Addressing("switchboard.localhost", "localhost", 8000, 0, port);
    private final Routing routing = new Routing(8000, new PortRange(22_000, 22_009));

    @TempDir
    Path directory;

    @Test
    void anInstanceWithBothIsCarriedOnceBothCarryIt() throws Exception {
        var desk = upstream("desk", true);
        var plain = upstream("plain", false);
        var balancer = new CombinedBalancer(new DirectBalancer(), kamailio());
        try {
            try (var taken = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                assertThat(taken.isBound()).isTrue();
                var outcomes = balancer.carry(List.of(desk, plain));
                assertThat(urls(outcomes.get(plain.instanceId()))).containsExactly("http://127.0.0.1:31000");
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        balancer.carry(List.of(desk, plain)).get(desk.instanceId()))
                                .isInstanceOfSatisfying(
                                        Outcome.Refused.class,
                                        refused -> assertThat(refused.reason()).startsWith("SIP over UDP: ")));
            }

            balancer.audit(List.of(desk, plain));
            awaitUrls(
                    balancer,
                    desk,
                    plain,
                    "http://127.0.0.1:31000",
                    "sip:desk.acme.switchboard.localhost:" + port + ";transport=udp");

            awaitUrls(balancer, routing.upstream(removed(desk.instanceId(), "desk", 2), Optional.of(desk)), plain);
        } finally {
            balancer.close();
        }
    }

    @Test
    void nothingElseWaitsForAKamailioThatHangs() throws Exception {
        var desk = upstream("desk", true);
        var plain = upstream("plain", false);
        var balancer = new CombinedBalancer(new DirectBalancer(), kamailio());
        var news = new Semaphore(0);
        balancer.onNews(news::release);
        try {
            balancer.carry(List.of(desk));
            news.acquire();
            var later = routing.upstream(
                    withPorts(snapshot(desk.instanceId(), "desk", 2, OTHER_TASK), HTTP, SIP_UDP), Optional.of(desk));
            for (ProcessHandle process : kamailioProcesses()) {
                new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                        .start()
                        .waitFor();
            }

            var outcomes = balancer.carry(List.of(later, plain));

            assertThat(urls(outcomes.get(plain.instanceId()))).containsExactly("http://127.0.0.1:31000");
            assertThat(outcomes).doesNotContainKey(later.instanceId());
            news.acquire();
            balancer.audit(List.of(later, plain));
            awaitUrls(
                    balancer,
                    later,
                    plain,
                    "http://127.0.0.1:31000",
                    "sip:desk.acme.switchboard.localhost:" + port + ";transport=udp");
        } finally {
            balancer.close();
        }
    }

    @Test
    void nothingElseEndsWhereKamailioHasNoDirectory() throws Exception {
        var desk = upstream("desk", true);
        var plain = upstream("plain", false);
        Files.delete(directory);
        Files.writeString(directory, "in the way");
        var balancer = new CombinedBalancer(new DirectBalancer(), kamailio());
        try {
            assertThat(urls(balancer.carry(List.of(desk, plain)).get(plain.instanceId())))
                    .containsExactly("http://127.0.0.1:31000");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    balancer.carry(List.of(desk, plain)).get(desk.instanceId()))
                            .isInstanceOf(Outcome.Refused.class));
        } finally {
            balancer.close();
        }
    }

    @Test
    void withoutKamailioCallersReachTheTasks() {
        var desk = upstream("desk", true);
        var balancer = new CombinedBalancer(new DirectBalancer(), new DirectBalancer());

        awaitUrls(
                balancer,
                desk,
                upstream("plain", false),
                "http://127.0.0.1:31000",
                "sip:127.0.0.1:31001;transport=udp");
    }

    private static void awaitUrls(Balancer balancer, Upstream both, Upstream plain, String... urls) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                urls(balancer.carry(List.of(both, plain)).get(both.instanceId())))
                        .containsExactly(urls));
    }

    private List<ProcessHandle> kamailioProcesses() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(directory.toString()))
                        .isPresent())
                .toList();
    }

    private Upstream upstream(String name, boolean sip) {
        var snapshot = snapshot(newInstanceId(), name, 1, TASK);
        return sip
                ? routing.upstream(withPorts(snapshot, HTTP, SIP_UDP), Optional.empty())
                : routing.upstream(
                        snapshot(
                                snapshot.instanceId(),
                                name,
                                1,
                                new ServingTask("one", "127.0.0.1", Map.of("http", 31_000), State.READY)),
                        Optional.empty());
    }

    private KamailioBalancer kamailio() {
        return new KamailioBalancer(
                OwnKamailio.properties(directory, port, 1, 0, Duration.ofSeconds(5), List.of()),
                new KamailioProgram(Programs.kamailio()),
                addressing,
                Clock.systemUTC(),
                new SimpleMeterRegistry());
    }

    private static List<String> urls(@org.jspecify.annotations.Nullable Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.InForce.class);
        return ((Outcome.InForce) java.util.Objects.requireNonNull(outcome))
                .addresses().stream().map(Address::url).toList();
    }
}
