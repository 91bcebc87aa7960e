package io.switchboard.access.balancer.haproxy;

import static io.switchboard.access.testing.Examples.SIP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.snapshot;
import static io.switchboard.access.testing.Examples.withPorts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.balancer.Balancer.Outcome;
import io.switchboard.access.balancer.BalancerUnavailable;
import io.switchboard.access.balancer.DetachedProgram;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.Echo;
import io.switchboard.access.testing.OwnHaproxy;
import io.switchboard.access.testing.Programs;
import io.switchboard.access.testing.Routing;
import io.switchboard.access.testing.Task;
import io.switchboard.access.testing.Visitor;
import io.switchboard.contracts.access.Address;
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
import java.util.Map;
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

    private HaproxyProperties.Mode mode = HaproxyProperties.Mode.MANAGED;
    private boolean checks;

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
        program().stop(started.getFirst().config());
    }

    // --- silence

    @Test
    void aLateAnswerCutsNothing() throws Exception {
        var balancer = balancer(Duration.ofSeconds(5), NEVER);
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
        var balancer = balancer(Duration.ofSeconds(5), Duration.ZERO);
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

    @Test
    void oneThatHadEndedIsStartedAgainAndThatIsSaid(CapturedOutput output) {
        var balancer = balancer(Duration.ofSeconds(30), NEVER);
        balancer.audit(carried);
        assertThat(output).doesNotContain("had ended");

        program().stop(balancer.config());
        await().ignoreException(BalancerUnavailable.class).until(() -> {
            balancer.audit(carried);
            return true;
        });

        assertThat(output).containsOnlyOnce("had ended");
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

    // --- old workers

    @Test
    void aWorkerIsCountedAsLongAsItHoldsACall() throws Exception {
        var balancer = balancer(Duration.ofSeconds(30), NEVER);
        try (var echo = new Echo();
                var held = held(balancer, echo)) {
            assertThat(balancer.condition().oldWorkers()).isZero();

            carryMore(balancer, echo);

            await().until(() ->
                    !balancer.auditDue(carried) && balancer.condition().oldWorkers() == 1);
            assertThat(meters.get("access.workers.old").gauge().value()).isEqualTo(1);
            assertThat(meters.get("access.workers.old.connections").gauge().value())
                    .isEqualTo(1);
            assertThat(Echo.answers(held)).isTrue();
            held.close();
            await().until(() ->
                    !balancer.auditDue(carried) && balancer.condition().oldWorkers() == 0);
        }
    }

    @Test
    void aReloadWaitsForAnOldWorkerRatherThanCutItsCalls(CapturedOutput output) throws Exception {
        var balancer = balancer(Duration.ofSeconds(30), NEVER, 1);
        try (var echo = new Echo();
                var held = held(balancer, echo)) {
            carryMore(balancer, echo);
            await().until(() ->
                    !balancer.auditDue(carried) && balancer.condition().oldWorkers() == 1);
            assertThat(meters.counter("access.reloads").count()).isEqualTo(1);

            var further = trunk(echo, "further");
            carried.add(further);

            assertThat(balancer.carry(carried).get(further.instanceId()))
                    .isInstanceOfSatisfying(
                            Outcome.Refused.class,
                            refused -> assertThat(refused.reason())
                                    .contains("no free backend", "a reload waits until an old worker has ended"));
            assertThat(balancer.audit(carried))
                    .hasSize(3)
                    .containsValues(new Outcome.InForce(addresses(carried.getFirst())));
            assertThat(output).contains("as many old workers as access.haproxy.most-old-workers lets it, 1");
            assertThat(meters.counter("access.reloads").count()).isEqualTo(1);
            assertThat(Echo.answers(held)).isTrue();
            assertThat(balancer.auditDue(carried)).isFalse();

            held.close();
            await().until(() -> balancer.auditDue(carried));
            assertThat(balancer.audit(carried))
                    .containsEntry(further.instanceId(), new Outcome.InForce(addresses(further)));
            assertThat(meters.counter("access.reloads").count()).isEqualTo(2);
        }
    }

    /** One instance more than there is room for. */
    private void carryMore(HaproxyBalancer balancer, Echo echo) {
        var more = trunk(echo, "more");
        carried.add(more);
        assertThat(balancer.carry(carried)).containsEntry(more.instanceId(), new Outcome.InForce(addresses(more)));
    }

    private List<Address> addresses(Upstream upstream) {
        return routing.addressing().addresses(upstream);
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

    // --- who runs it

    @Test
    void whoRunsItThemselvesStartsItWithOurFiles() {
        mode = HaproxyProperties.Mode.EXTERNAL;
        var balancer = balancer(Duration.ofSeconds(30), NEVER);
        try (var task = new Task("one")) {
            var desk = desk("desk", task);
            carried.add(desk);
            assertThatExceptionOfType(BalancerUnavailable.class)
                    .isThrownBy(() -> balancer.audit(carried))
                    .withMessageContainingAll(
                            "-S " + balancer.config().masterSocket(),
                            "-f " + balancer.config().file());

            program().start(balancer.config());
            assertThat(body("desk")).isEqualTo("one");
            await().ignoreException(BalancerUnavailable.class)
                    .untilAsserted(() -> assertThat(balancer.audit(carried))
                            .containsEntry(desk.instanceId(), new Outcome.InForce(addresses(desk))));
            assertThat(balancer.auditDue(carried)).isFalse();

            // More than there was room for, so that it is reloaded.
            var lobby = desk("lobby", task);
            carried.add(lobby);
            assertThat(balancer.carry(carried))
                    .containsEntry(lobby.instanceId(), new Outcome.InForce(addresses(lobby)));
            assertThat(meters.counter("access.reloads").count()).isEqualTo(1);
            assertThat(body("lobby")).isEqualTo("one");

            balancer.save();
            program().stop(balancer.config());
            program().start(balancer.config());
            assertThat(body("desk")).isEqualTo("one");
            assertThat(body("lobby")).isEqualTo("one");
            await().ignoreException(BalancerUnavailable.class)
                    .until(() -> balancer.audit(carried).size() == 2);

            balancer.close();
            assertThat(balancer.goesOn()).isTrue();
            assertThat(body("desk")).isEqualTo("one");
        }
    }

    // --- its own checks

    @Test
    void whatItsOwnChecksFindDownGetsNothingUntilItIsUpAgain() {
        checks = true;
        var balancer = balancer(Duration.ofSeconds(30), NEVER);
        int port;
        balancer.audit(List.of());
        try (var task = new Task("one")) {
            port = task.port();
            carried.add(desk("desk", task));
            balancer.carry(carried);
            balancer.save();
            assertThat(body("desk")).isEqualTo("one");
        }
        isDownAndUpAgain(balancer, port);

        // And so is one that it has from its files.
        program().stop(balancer.config());
        program().start(balancer.config());
        isDownAndUpAgain(balancer, port);
    }

    private void isDownAndUpAgain(HaproxyBalancer balancer, int port) {
        await().until(() -> server(balancer, "status").equals("DOWN"));
        var tried = server(balancer, "econ");
        for (int request = 0; request < 5; request++) {
            assertThat(visitor().get("desk.acme.switchboard.localhost", "/").statusCode())
                    .isEqualTo(503);
        }
        assertThat(server(balancer, "econ")).isEqualTo(tried);

        try (var up = new Task("one", port)) {
            await().until(() -> server(balancer, "status").equals("UP"));
            assertThat(body("desk")).isEqualTo("one");
            assertThat(up.requests()).isPositive();
        }
    }

    /** Of the only server, as HAProxy tells. */
    private static String server(HaproxyBalancer balancer, String column) {
        try (var api = new RuntimeApi(Duration.ofSeconds(60))) {
            return RuntimeApi.stat(api.send(balancer.config().adminSocket(), "show stat h0000 4 -1"))
                    .getFirst()
                    .getOrDefault(column, "");
        }
    }

    // ---

    private Upstream desk(String name, Task task) {
        return routing.upstream(snapshot(newInstanceId(), name, 1, task.serving(State.READY)), Optional.empty());
    }

    private Visitor visitor() {
        return new Visitor(routing.addressing().publicPort());
    }

    private String body(String name) {
        return visitor().get(name + ".acme.switchboard.localhost", "/").body();
    }

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
        return balancer(timeout, silence, 8);
    }

    private HaproxyBalancer balancer(Duration timeout, Duration silence, int mostOldWorkers) {
        var balancer = new HaproxyBalancer(
                OwnHaproxy.properties(
                        directory,
                        routing.addressing().publicPort(),
                        Map.of(
                                "mode",
                                mode,
                                "http-backends",
                                1,
                                "tcp-backends",
                                1,
                                "weighted-backends",
                                1,
                                "checks",
                                checks,
                                "timeout",
                                timeout,
                                "silence",
                                silence,
                                "most-old-workers",
                                mostOldWorkers)),
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
