package io.switchboard.access.balancer.haproxy;

import static io.switchboard.access.testing.Examples.SIP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.snapshot;
import static io.switchboard.access.testing.Examples.withPorts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.balancer.BalancerUnavailable;
import io.switchboard.access.balancer.DetachedProgram;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.Echo;
import io.switchboard.access.testing.Programs;
import io.switchboard.access.testing.Routing;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** HAProxy as a process: how it is found, replaced and reloaded, and what of its connections becomes of that. */
@ExtendWith(OutputCaptureExtension.class)
class HaproxyProcessTests {

    private static final Duration NEVER = Duration.ofDays(1);
    private static final int PORTS = 40;

    private final PortRange ports = range();
    private final Routing routing = new Routing(FreePorts.next(), ports);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<HaproxyBalancer> started = new ArrayList<>();
    private final List<Upstream> carried = new ArrayList<>();

    @TempDir
    private Path directory;

    private static PortRange range() {
        int first = FreePorts.next(PORTS);
        return new PortRange(first, first + PORTS - 1);
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        var master = program().running(started.getFirst().config());
        if (master.isPresent()) {
            for (var process : master.get().children().toList()) {
                signal("CONT", process);
            }
        }
        started.forEach(HaproxyBalancer::close);
    }

    // --- silence

    @Test
    void aLateAnswerCutsNothing() throws Exception {
        var balancer = balancer(Duration.ofSeconds(1), NEVER);
        try (var echo = new Echo();
                var held = held(balancer, echo)) {
            var worker = worker();
            var master = master();

            signal("STOP", worker);
            for (int question = 0; question <= Silence.QUESTIONS; question++) {
                assertThatExceptionOfType(BalancerUnavailable.class)
                        .isThrownBy(() -> balancer.audit(carried))
                        .withMessageContainingAll("pid " + master.pid(), "what it carries goes on");
            }
            signal("CONT", worker);

            await().ignoreException(BalancerUnavailable.class)
                    .until(() -> !balancer.audit(carried).isEmpty());
            assertThat(master()).isEqualTo(master);
            assertThat(worker()).isEqualTo(worker);
            assertThat(Echo.answers(held)).isTrue();
        }
    }

    @Test
    void oneThatStaysSilentIsReplacedAndWhatThatCutsIsSaid(CapturedOutput output) throws Exception {
        var balancer = balancer(Duration.ofSeconds(3), Duration.ZERO);
        try (var echo = new Echo();
                var held = held(balancer, echo)) {
            balancer.audit(carried);
            var stuck = worker();

            signal("STOP", stuck);
            await().ignoreException(BalancerUnavailable.class)
                    .until(() -> !balancer.audit(carried).isEmpty());

            await().until(() -> !stuck.isAlive());
            assertThat(output)
                    .contains("left " + Silence.QUESTIONS + " questions unanswered")
                    .containsPattern("which cuts [1-9]\\d* connections that it held at 20");
            assertThat(held.getInputStream().read()).isNegative();
        }
    }

    // --- its number

    @Test
    void itIsFoundWhileItsNumberIsBeingWritten() throws Exception {
        var balancer = balancer(Duration.ofSeconds(30), NEVER);
        balancer.audit(carried);
        var pidFile = balancer.config().pidFile();
        var master = master();
        var number = Long.toString(master.pid());

        for (String written : List.of("", number.substring(0, 1), number)) {
            Files.writeString(pidFile, written);
            assertThat(program().running(balancer.config())).as(written).contains(master);
        }
        Files.delete(pidFile);
        assertThat(program().running(balancer.config())).contains(master);
        assertThat(balancer.goesOn()).isTrue();

        program().stop(balancer.config());
        await().until(() -> program().running(balancer.config()).isEmpty());
    }

    @Test
    void aFileOfThatNameElsewhereIsAnothers() {
        var balancer = balancer(Duration.ofSeconds(30), NEVER);
        balancer.audit(carried);

        assertThat(DetachedProgram.runs(master(), balancer.config().file())).isTrue();
        assertThat(DetachedProgram.runs(master(), Path.of("/haproxy.cfg"))).isFalse();
    }

    // --- its files

    @Test
    void whoSavesMeanwhileDoesNotTakeAReloadItsFilesAway() throws Exception {
        var balancer = balancer(Duration.ofSeconds(30), NEVER);
        balancer.audit(carried);
        var over = new AtomicBoolean();
        var saver = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                balancer.save();
            }
        });
        try (var echo = new Echo()) {
            for (int each = 0; each < 12; each++) {
                carried.add(trunk(echo, "trunk-" + each));
                balancer.carry(carried);
            }
        } finally {
            over.set(true);
            saver.join();
        }

        assertThat(meters.counter("access.reloads").count()).isEqualTo(4);
        balancer.save();
        assertThat(balancer.config().file()).content().contains("backend t0015");
        assertThat(balancer.auditDue(carried)).isFalse();
    }

    // ---

    /** Of a caller at a port of an instance of its own. */
    private Socket held(HaproxyBalancer balancer, Echo echo) throws IOException {
        var trunk = trunk(echo, "held");
        carried.add(trunk);
        balancer.audit(carried);
        var held = new Socket(
                "127.0.0.1",
                trunk.routes().stream()
                        .filter(Route.Port.class::isInstance)
                        .mapToInt(route -> ((Route.Port) route).number())
                        .findFirst()
                        .orElseThrow());
        held.setSoTimeout(60_000);
        assertThat(Echo.answers(held)).isTrue();
        return held;
    }

    private Upstream trunk(Echo echo, String name) {
        return routing.upstream(
                withPorts(snapshot(newInstanceId(), name, 1, echo.serving(State.READY)), SIP), Optional.empty());
    }

    private HaproxyBalancer balancer(Duration timeout, Duration silence) {
        var balancer = new HaproxyBalancer(
                new HaproxyProperties(
                        HaproxyProperties.Mode.MANAGED,
                        Programs.haproxy().toString(),
                        directory,
                        "127.0.0.1:" + routing.addressing().publicPort(),
                        "",
                        null,
                        "127.0.0.1",
                        1,
                        1,
                        1,
                        List.of(),
                        false,
                        true,
                        timeout,
                        Duration.ZERO,
                        Duration.ofDays(14),
                        1_000,
                        silence),
                program(),
                routing.addressing(),
                ports,
                Clock.systemUTC(),
                meters);
        started.add(balancer);
        return balancer;
    }

    private static HaproxyProgram program() {
        return new HaproxyProgram(Programs.haproxy());
    }

    private ProcessHandle master() {
        return program().running(started.getFirst().config()).orElseThrow();
    }

    /** The one that takes calls; there is no other. */
    private ProcessHandle worker() {
        return master().children().findFirst().orElseThrow();
    }

    private static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }
}
