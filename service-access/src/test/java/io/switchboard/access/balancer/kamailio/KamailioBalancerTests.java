package io.switchboard.access.balancer.kamailio;

import static io.switchboard.access.testing.Examples.SIP_UDP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.removed;
import static io.switchboard.access.testing.Examples.snapshot;
import static io.switchboard.access.testing.Examples.withPorts;
import static io.switchboard.access.testing.Sipp.Transport.UDP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.balancer.Balancer.Outcome;
import io.switchboard.access.balancer.Counted.Counter;
import io.switchboard.access.endpoint.Drift.Difference;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.OwnKamailio;
import io.switchboard.access.testing.Programs;
import io.switchboard.access.testing.Routing;
import io.switchboard.access.testing.SipPeer;
import io.switchboard.access.testing.Sipp;
import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.scheduling.PortSpec.Protocol;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One Kamailio for all tests here; each leaves it without routes. */
class KamailioBalancerTests {

    private static final int PORT = FreePorts.next();
    private static final String DOMAIN = "trunk.acme.switchboard.localhost";

    @TempDir
    static Path directory;

    private static @Nullable KamailioBalancer running;

    private final Routing routing = new Routing(
            new Addressing("switchboard.localhost", "localhost", 8000, 0, PORT),
            new PortRange(22_000, 22_001),
            new HashMap<>());
    private final List<Upstream> carried = new ArrayList<>();
    private final UUID id = newInstanceId();

    @BeforeAll
    static void start() {
        running = balancer();
    }

    @AfterAll
    static void stop() {
        shared().close();
    }

    private static KamailioBalancer shared() {
        return Objects.requireNonNull(running);
    }

    private static KamailioProperties properties() {
        return OwnKamailio.properties(directory, PORT, 2, 0, Duration.ofSeconds(3), List.of("127.0.0.2"));
    }

    private static KamailioBalancer balancer() {
        return new KamailioBalancer(
                properties(),
                new KamailioProgram(Programs.kamailio()),
                new Addressing("switchboard.localhost", "localhost", 8000, 0, PORT),
                Clock.systemUTC(),
                new SimpleMeterRegistry());
    }

    @AfterEach
    void endEverything() {
        List.copyOf(carried).stream()
                .filter(upstream -> !upstream.removed())
                .forEach(upstream -> carry(routing.upstream(
                        removed(upstream.instanceId(), upstream.instanceName(), upstream.sequence() + 1),
                        Optional.of(upstream))));
    }

    @Test
    void callsReachATaskAndEndThere() {
        try (var one = new Sipp.Answering(directory, "one", UDP);
                var two = new Sipp.Answering(directory, "two", UDP)) {
            var addresses = inForce(carry(1, one.serving(State.READY), two.serving(State.READY)));

            assertThat(addresses)
                    .containsExactly(
                            new Address("sip", Protocol.SIP_UDP, "sip:" + DOMAIN + ":" + PORT + ";transport=udp"));
            assertThat(calls(20, Duration.ZERO).succeeded()).isTrue();
            assertThat(one.seen("INVITE")).isNotEmpty();
            assertThat(two.seen("INVITE")).isNotEmpty();
            assertThat(one.seen("INVITE").size() + two.seen("INVITE").size()).isEqualTo(20);
            for (var task : List.of(one, two)) {
                // The last one may still be on its way into the task's log; an ACK that a BYE overtook isn't in there.
                await().untilAsserted(() -> assertThat(task.seen("BYE")).isEqualTo(task.seen("INVITE")));
                assertThat(task.seen("INVITE")).containsAll(task.seen("ACK"));
            }
            assertThat(shared().counted())
                    .filteredOn(counted -> counted.places().contains("sip:" + DOMAIN))
                    .singleElement()
                    .satisfies(counted ->
                            assertThat(counted.counters().get(Counter.SESSIONS)).isGreaterThanOrEqualTo(20));
        }
    }

    @Test
    void aDrainingTaskEndsItsCallsAndGetsNoNewOnes() {
        try (var one = new Sipp.Answering(directory, "one", UDP);
                var two = new Sipp.Answering(directory, "two", UDP)) {
            carry(1, one.serving(State.READY));
            var held = calls(10, Duration.ofSeconds(10));
            one.awaitCalls(10);

            carry(2, one.serving(State.DRAINING), two.serving(State.READY));

            assertThat(calls(10, Duration.ZERO).succeeded()).isTrue();
            await().untilAsserted(() -> assertThat(two.seen("BYE")).hasSize(10));
            assertThat(one.seen("BYE")).isEmpty();
            assertThat(held.succeeded()).isTrue();
            await().untilAsserted(() -> assertThat(one.seen("BYE")).hasSize(10).isEqualTo(one.seen("INVITE")));
        }
    }

    @Test
    void aCallIdStaysWithItsTaskWhileTheListChanges() {
        try (var one = SipPeer.task("one");
                var two = SipPeer.task("two");
                var three = SipPeer.task("three");
                var caller = SipPeer.caller()) {
            carry(1, one.serving(State.READY), two.serving(State.READY));
            var before = servers(caller, 20);
            assertThat(before.values()).contains("one", "two");

            carry(2, one.serving(State.READY), two.serving(State.READY), three.serving(State.READY));
            assertThat(servers(caller, 20)).isEqualTo(before);

            carry(3, one.serving(State.DRAINING), two.serving(State.READY), three.serving(State.READY));
            assertThat(servers(caller, 20)).isEqualTo(before);
            assertThat(new HashSet<>(servers(caller, 40).values())).contains("three");

            carry(4, two.serving(State.READY), three.serving(State.READY));
            assertThat(servers(caller, 40))
                    .allSatisfy((callId, server) -> assertThat(server)
                            .isIn(
                                    before.getOrDefault(callId, "").equals("two")
                                            ? Set.of("two")
                                            : Set.of("two", "three")));
        }
    }

    @Test
    void aRegistrationLeavesATaskThatDrains() {
        try (var one = SipPeer.task("one");
                var two = SipPeer.task("two");
                var caller = SipPeer.caller()) {
            carry(1, one.serving(State.READY));
            assertThat(server(caller.ask(PORT, "REGISTER", DOMAIN, "phone"))).isEqualTo("one");

            carry(2, one.serving(State.DRAINING), two.serving(State.READY));

            assertThat(server(caller.ask(PORT, "REGISTER", DOMAIN, "phone"))).isEqualTo("two");
        }
    }

    @Test
    void aTaskThatSaysNothingIsPassedOver() {
        try (var silent = SipPeer.caller();
                var two = SipPeer.task("two");
                var caller = SipPeer.caller()) {
            carry(1, silent.serving(State.READY), two.serving(State.READY));

            assertThat(servers(caller, 4).values()).containsOnly("two");
        }
    }

    @Test
    void instancesAreKeptApartAndEnd() {
        var other = newInstanceId();
        try (var one = SipPeer.task("one");
                var two = SipPeer.task("two");
                var caller = SipPeer.caller()) {
            carry(1, one.serving(State.READY));
            carry(routing.upstream(
                    withPorts(snapshot(other, "desk", 1, two.serving(State.READY)), SIP_UDP), Optional.empty()));
            assertThat(server(caller.ask(PORT, "OPTIONS", DOMAIN, "a"))).isEqualTo("one");
            assertThat(server(caller.ask(PORT, "OPTIONS", "DESK.acme.switchboard.localhost", "a")))
                    .isEqualTo("two");

            carry(2);
            assertThat(caller.ask(PORT, "OPTIONS", DOMAIN, "a")).startsWith("SIP/2.0 503 ");
            assertThat(inForce(carry(routing.upstream(removed(id, "trunk", 3), upstream(id)))))
                    .isEmpty();
            assertThat(caller.ask(PORT, "OPTIONS", DOMAIN, "a")).startsWith("SIP/2.0 404 ");
            assertThat(server(caller.ask(PORT, "OPTIONS", "desk.acme.switchboard.localhost", "a")))
                    .isEqualTo("two");
        }
    }

    @Test
    void nobodyIsRelayedToWhomTheyName() {
        try (var one = SipPeer.task("one");
                var stranger = SipPeer.task("stranger");
                var caller = SipPeer.caller()) {
            carry(1, one.serving(State.READY));
            var uri = "sip:victim@127.0.0.1:" + stranger.port();
            var hexa = java.util.HexFormat.of().formatHex(("sip:127.0.0.1:" + stranger.port()).getBytes());
            for (String parameters : List.of("", ";ftag=caller", ";ftag=caller;task=" + hexa, ";ftag=other")) {
                var route = "Route: <sip:127.0.0.1:" + PORT + ";lr" + parameters + ">\r\n";
                assertThat(caller.exchange(PORT, caller.request("BYE", uri, "x", "<" + uri + ">;tag=t", route)))
                        .as(parameters)
                        // From 127.0.0.1, as the task, so that only who is no caller may.
                        .startsWith(parameters.contains("other") ? "SIP/2.0 200" : "SIP/2.0 481");
            }
            assertThat(stranger.requests()).hasSize(1);
            assertThat(caller.exchange(PORT, caller.request("OPTIONS", uri, "x", uri, "")))
                    .startsWith("SIP/2.0 404");
        }
    }

    @Test
    void whatSomebodyElseChangedIsPutRight() throws Exception {
        try (var one = SipPeer.task("one");
                var caller = SipPeer.caller();
                var byHand = new Rpc(directory, "byhand", Duration.ofSeconds(60))) {
            var first = carry(1, one.serving(State.READY));
            byHand.call("dispatcher.set_state", "d", 1, "sip:127.0.0.1:" + one.port());
            byHand.call("htable.delete", "domains", DOMAIN);
            byHand.call("htable.seti", "domains", "evil.example", 1);
            assertThat(caller.ask(PORT, "OPTIONS", DOMAIN, "a")).startsWith("SIP/2.0 404");

            assertThat(shared().audit(carried)).containsEntry(id, first);

            assertThat(server(caller.ask(PORT, "OPTIONS", DOMAIN, "a"))).isEqualTo("one");
            var drift = shared().condition().drifts().getFirst();
            assertThat(drift.differences())
                    .containsExactlyInAnyOrder(
                            new Difference("SIP domain " + DOMAIN, "1", ""),
                            new Difference("SIP domain evil.example", "", "1"),
                            new Difference("SIP set 1 sip:127.0.0.1:" + one.port(), "ACTIVE", "DRAINING"));
            assertThat(drift.repairedAt()).isPresent();
            assertThat(caller.ask(PORT, "OPTIONS", "evil.example", "a")).startsWith("SIP/2.0 404");
        }
    }

    @Test
    void itComesBackAsItWasAndCallsGoOn() {
        try (var one = new Sipp.Answering(directory, "one", UDP);
                var two = new Sipp.Answering(directory, "two", UDP)) {
            carry(1, one.serving(State.READY), two.serving(State.DRAINING));
            var held = calls(5, Duration.ofSeconds(10));
            one.awaitCalls(5);
            var process = process();
            var drifts = shared().condition().drifts();

            kill();
            // Whoever starts it.
            new KamailioProgram(Programs.kamailio()).start(settings());
            assertThat(process().pid()).isNotEqualTo(process.pid());
            assertThat(shared().audit(carried)).containsEntry(id, inForceOutcome());

            assertThat(shared().condition().drifts()).isEqualTo(drifts);
            assertThat(calls(5, Duration.ZERO).succeeded()).isTrue();
            assertThat(held.succeeded()).isTrue();
            await().untilAsserted(() -> assertThat(one.seen("BYE")).hasSize(10));
            assertThat(two.seen("INVITE")).isEmpty();
        }
    }

    @Test
    void itIsStartedAgainAndTakenOver() {
        try (var one = SipPeer.task("one");
                var caller = SipPeer.caller()) {
            carry(1, one.serving(State.READY));
            kill();

            assertThat(shared().audit(carried)).containsEntry(id, inForceOutcome());
            assertThat(server(caller.ask(PORT, "OPTIONS", DOMAIN, "a"))).isEqualTo("one");

            long pid = process().pid();
            var next = balancer();
            assertThat(next.carry(carried)).containsEntry(id, inForceOutcome());
            assertThat(process().pid()).isEqualTo(pid);
            assertThat(next.condition().version()).matches("\\d+\\.\\d+\\.\\d+.*");
            running = next;
        }
    }

    private Outcome carry(long sequence, ServingTask... tasks) {
        return carry(routing.upstream(withPorts(snapshot(id, "trunk", sequence, tasks), SIP_UDP), upstream(id)));
    }

    private Outcome carry(Upstream upstream) {
        upstream(upstream.instanceId()).ifPresent(carried::remove);
        carried.add(upstream);
        return Objects.requireNonNull(shared().carry(carried).get(upstream.instanceId()));
    }

    private Optional<Upstream> upstream(UUID instance) {
        return carried.stream()
                .filter(each -> each.instanceId().equals(instance))
                .findFirst();
    }

    private static List<Address> inForce(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.InForce.class);
        return ((Outcome.InForce) outcome).addresses();
    }

    private static Outcome inForceOutcome() {
        return new Outcome.InForce(
                List.of(new Address("sip", Protocol.SIP_UDP, "sip:" + DOMAIN + ":" + PORT + ";transport=udp")));
    }

    private static Sipp.Calls calls(int number, Duration lasting) {
        return Sipp.Calls.begin(directory, UDP, PORT, DOMAIN, number, lasting);
    }

    /** Who answered, by Call-ID. */
    private static Map<String, String> servers(SipPeer caller, int calls) {
        Map<String, String> servers = new HashMap<>();
        IntStream.range(0, calls)
                .forEach(call -> servers.put("c" + call, server(caller.ask(PORT, "OPTIONS", DOMAIN, "c" + call))));
        return servers;
    }

    private static String server(String answer) {
        return answer.startsWith("SIP/2.0 200") ? SipPeer.header(answer, "Server") : answer;
    }

    /** The first process only, as the machine does that runs out of memory. */
    private static void kill() {
        process().destroyForcibly();
        await().until(() ->
                new KamailioProgram(Programs.kamailio()).running(settings()).isEmpty());
    }

    private static Settings settings() {
        return new Settings(properties(), directory.toAbsolutePath().normalize());
    }

    private static ProcessHandle process() {
        return new KamailioProgram(Programs.kamailio()).running(settings()).orElseThrow();
    }
}
