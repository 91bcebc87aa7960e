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
import io.switchboard.access.route.Network;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.OwnKamailio;
import io.switchboard.access.testing.Programs;
import io.switchboard.access.testing.Routing;
import io.switchboard.access.testing.SipPeer;
import io.switchboard.access.testing.Sipp;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, by one Kamailio for all tests here; each leaves it without routes. */
class AdmissionTests {

    private static final int PORT = FreePorts.next();
    private static final int MOST_PER_SECOND = 40;
    private static int names;

    @TempDir
    static Path directory;

    private static @Nullable KamailioBalancer running;

    private final Routing routing = new Routing(
            new Addressing("switchboard.localhost", "localhost", 8000, 0, PORT),
            new PortRange(22_000, 22_001),
            new HashMap<>());
    private final Map<UUID, Upstream> carried = new HashMap<>();
    private final UUID id = newInstanceId();
    /** Of its own for each test: Kamailio goes on counting for a name that is used again. */
    private final String name = "trunk" + ++names;

    private final String domain = name + ".acme.switchboard.localhost";

    @BeforeAll
    static void start() {
        running = new KamailioBalancer(
                properties(),
                new KamailioProgram(Programs.kamailio()),
                new Addressing("switchboard.localhost", "localhost", 8000, 0, PORT),
                Clock.systemUTC(),
                new SimpleMeterRegistry());
    }

    @AfterAll
    static void stop() {
        shared().close();
    }

    private static KamailioBalancer shared() {
        return Objects.requireNonNull(running);
    }

    private static KamailioProperties properties() {
        return OwnKamailio.properties(directory, PORT, 2, MOST_PER_SECOND, Duration.ofSeconds(5), List.of());
    }

    /** What a test let in counts against the next one within the same second. */
    @BeforeEach
    void nothingWasLetInLately() {
        if (shared().goesOn()) {
            try (var rpc = new Rpc(directory, "counters", Duration.ofSeconds(60))) {
                await().until(() ->
                        rpc.call("pl.list").findValues("counter").stream().allMatch(counter -> counter.asInt(1) == 0));
            }
        }
    }

    @AfterEach
    void endEverything() {
        carried.values().stream()
                .map(upstream -> routing.upstream(
                        removed(upstream.instanceId(), upstream.instanceName(), upstream.sequence() + 1),
                        Optional.of(upstream)))
                .toList()
                .forEach(this::carry);
    }

    @Test
    void onlyWhoIsListedBeginsAnything() {
        try (var task = SipPeer.task("one");
                var here = SipPeer.caller();
                var there = SipPeer.caller("127.0.0.3")) {
            carry(id, name, task);
            for (String networks : List.of("127.0.0.3", "127.0.0.2/31", "10.0.0.0/8,127.0.0.3,fd00::/8")) {
                allow(networks);
                assertThat(here.ask(PORT, "OPTIONS", domain, "a"))
                        .as(networks)
                        .startsWith("SIP/2.0 403 Caller Not Allowed");
                assertThat(there.ask(PORT, "OPTIONS", domain, "b")).as(networks).startsWith("SIP/2.0 200");
            }

            allow("0.0.0.0/0");
            assertThat(here.ask(PORT, "OPTIONS", domain, "c")).startsWith("SIP/2.0 200");
            allow("::/0");
            assertThat(here.ask(PORT, "OPTIONS", domain, "d")).startsWith("SIP/2.0 403");
            govern(Policy.NONE);
            assertThat(here.ask(PORT, "OPTIONS", domain, "e")).startsWith("SIP/2.0 200");
            assertThat(counted(domain, Counter.ANSWERS_4XX)).isEqualTo(4);
        }
    }

    @Test
    void aListMayBeAsLongAsListsAre() {
        try (var task = SipPeer.task("one");
                var here = SipPeer.caller();
                var there = SipPeer.caller("127.0.0.3")) {
            carry(id, name, task);
            var longest = IntStream.range(0, Policy.Rules.MOST_NETWORKS - 2)
                    .mapToObj("fd00:1000:2000:3000:4000:5000:6000:%04x/128"::formatted);

            allow(Stream.concat(longest, Stream.of("127.0.0.3/32", "10.0.0.0/8"))
                    .collect(java.util.stream.Collectors.joining(",")));

            assertThat(there.ask(PORT, "OPTIONS", domain, "a")).startsWith("SIP/2.0 200");
            assertThat(here.ask(PORT, "OPTIONS", domain, "b")).startsWith("SIP/2.0 403");
        }
    }

    /** The other way round, Kamailio would have nothing left of an address after the first look. */
    @Test
    void longerNetworksComeFirst() {
        var rules = new Policy.Rules(
                false,
                0,
                Policy.Limits.NONE,
                Stream.of("fc00::/7", "2001:db8::/32", "10.0.0.0/8", "2001:db8::1")
                        .map(Network::new)
                        .toList());

        assertThat(Admission.of("x", rules).entries())
                .containsExactly(Map.entry("allow1::x", "2001:db8::1,2001:db8::/32,10.0.0.0/8,fc00::/7"));
    }

    @Test
    void aRestartBeginsWithTheRules() {
        try (var task = SipPeer.task("one");
                var here = SipPeer.caller()) {
            carry(id, name, task);
            govern(policy(new Policy.Limits(0, 7, 0, 5), "127.0.0.3"));

            process().destroyForcibly();
            await().until(() -> program().running(settings()).isEmpty());
            // Whoever starts it.
            program().start(settings());
            await().until(() -> !here.ask(PORT, "OPTIONS", domain, "a").equals("nothing"));

            assertThat(here.ask(PORT, "OPTIONS", domain, "a")).startsWith("SIP/2.0 403");
            assertThat(shared().audit(carried.values())).hasEntrySatisfying(id, AdmissionTests::inForce);
        }
    }

    @Test
    void rulesThatSomebodyElseChangedArePutRight() throws Exception {
        try (var task = SipPeer.task("one");
                var here = SipPeer.caller();
                var byHand = new Rpc(directory, "byhand", Duration.ofSeconds(60))) {
            carry(id, name, task);
            govern(policy(new Policy.Limits(0, 7, 0, 0), "127.0.0.3"));
            byHand.call("htable.delete", "rules", "allow1::" + domain);
            byHand.call("htable.seti", "rules", "perSecond::" + domain, 9);
            byHand.call("htable.sets", "rules", "perSecondPerSource::" + domain, "1");
            assertThat(here.ask(PORT, "OPTIONS", domain, "a")).startsWith("SIP/2.0 200");

            assertThat(shared().audit(carried.values())).hasEntrySatisfying(id, AdmissionTests::inForce);

            assertThat(here.ask(PORT, "OPTIONS", domain, "a")).startsWith("SIP/2.0 403");
            assertThat(shared().condition().drifts().getFirst().differences())
                    .containsExactlyInAnyOrder(
                            new Difference("SIP rule allow1::" + domain, "127.0.0.3", ""),
                            new Difference("SIP rule perSecond::" + domain, "7", "9"),
                            new Difference("SIP rule perSecondPerSource::" + domain, "", "1"));
        }
    }

    @Test
    void aFloodOfOneSourceLeavesOthersTheirs() {
        try (var task = SipPeer.task("one");
                var desk = SipPeer.task("two");
                var caller = SipPeer.caller();
                var flooding = SipPeer.caller("127.0.0.3")) {
            carry(id, name, task);
            var other = carryBeside(desk);
            govern(policy(new Policy.Limits(0, 15, 0, 5)));

            var flood = flood(flooding, call -> {
                assertThat(caller.ask(PORT, "INVITE", domain, "o" + call)).startsWith("SIP/2.0 200");
                assertThat(caller.ask(PORT, "REGISTER", other, "o" + call)).startsWith("SIP/2.0 200");
            });

            assertThat(flood).anyMatch(answer -> answer.startsWith("SIP/2.0 200"));
            assertThat(flood)
                    .filteredOn(answer -> !answer.startsWith("SIP/2.0 200"))
                    .isNotEmpty()
                    .allSatisfy(answer -> {
                        assertThat(answer).startsWith("SIP/2.0 503 Limit Reached");
                        assertThat(SipPeer.header(answer, "Retry-After")).isEqualTo("1");
                    })
                    .satisfies(refused ->
                            assertThat(counted(domain, Counter.ANSWERS_4XX)).isEqualTo(refused.size()));
            assertThat(task.requests().stream().filter(request -> request.contains("Call-ID: flood")))
                    .hasSize((int) flood.stream()
                            .filter(answer -> answer.startsWith("SIP/2.0 200"))
                            .count());
        }
    }

    /** Half of what all may have is the most of one. */
    @Test
    void aFloodOfOneDomainLeavesOthersTheirs() {
        try (var task = SipPeer.task("one");
                var desk = SipPeer.task("two");
                var caller = SipPeer.caller();
                var flooding = SipPeer.caller("127.0.0.3")) {
            carry(id, name, task);
            var other = carryBeside(desk);

            var flood = flood(
                    flooding,
                    call -> assertThat(caller.ask(PORT, "INVITE", other, "o" + call))
                            .startsWith("SIP/2.0 200"));

            assertThat(flood).anyMatch(answer -> answer.startsWith("SIP/2.0 200"));
            assertThat(flood).anyMatch(answer -> answer.startsWith("SIP/2.0 503 Limit Reached"));
            govern(policy(new Policy.Limits(0, 1_000_000, 0, 0)));
            assertThat(flood(flooding, call -> {})).anyMatch(answer -> answer.startsWith("SIP/2.0 503 Limit Reached"));
        }
    }

    @Test
    void whatBelongsToACallGoesOn() {
        try (var task = new Sipp.Answering(directory, "one", UDP)) {
            carry(id, name, task.serving(State.READY));
            var held = Sipp.Calls.begin(directory, UDP, PORT, domain, 5, Duration.ofSeconds(10));
            task.awaitCalls(5);

            allow("203.0.113.0/24");

            assertThat(held.succeeded()).isTrue();
            await().untilAsserted(() -> assertThat(task.seen("BYE")).hasSize(5));
        }
    }

    @Test
    void theLatestOfSeveralThatClaimADomainSaysWhoIsLetIn() {
        var older = upstream(1, List.of(new Network("10.0.0.0/8")));
        var later = upstream(2, List.of());

        assertThat(Plan.of(Dispatch.EMPTY, List.of(older), host -> host)
                        .dispatch()
                        .rules())
                .isEqualTo(new TreeMap<>(Map.of("allow1::" + domain, "10.0.0.0/8")));
        assertThat(Plan.of(Dispatch.EMPTY, List.of(later, older), host -> host)
                        .dispatch()
                        .rules())
                .isEqualTo(Collections.emptySortedMap());
    }

    private Upstream upstream(long number, List<Network> allow) {
        var made = routing.upstream(withPorts(snapshot(new UUID(number, 1), name, 1), SIP_UDP), Optional.empty());
        return made.under(
                new Policy(List.of(), Map.of("sip", new Policy.Rules(false, 0, Policy.Limits.NONE, allow))),
                Instant.EPOCH);
    }

    /** @return the domain of another instance */
    private String carryBeside(SipPeer task) {
        carry(newInstanceId(), name + "desk", task);
        return name + "desk.acme.switchboard.localhost";
    }

    /** Asks more often than any limit here allows, on however slow a machine, and sees to others four times meanwhile. */
    private List<String> flood(SipPeer caller, java.util.function.IntConsumer others) {
        List<String> answers = new ArrayList<>();
        for (int call = 0; call < 300; call++) {
            answers.add(caller.ask(PORT, "INVITE", domain, "flood" + call));
            if (call % 75 == 0) {
                others.accept(call);
            }
        }
        return answers;
    }

    private void allow(String networks) {
        govern(policy(Policy.Limits.NONE, networks.split(",")));
    }

    private static Policy policy(Policy.Limits limits, String... networks) {
        return new Policy(
                List.of(),
                Map.of(
                        "sip",
                        new Policy.Rules(
                                false,
                                0,
                                limits,
                                Stream.of(networks).map(Network::new).toList())));
    }

    private void govern(Policy policy) {
        carry(Objects.requireNonNull(carried.get(id)).under(policy, Instant.now()));
    }

    private void carry(UUID instance, String name, SipPeer task) {
        carry(instance, name, task.serving(State.READY));
    }

    private void carry(UUID instance, String name, ServingTask task) {
        carry(routing.upstream(withPorts(snapshot(instance, name, 1, task), SIP_UDP), Optional.empty()));
    }

    private void carry(Upstream upstream) {
        carried.put(upstream.instanceId(), upstream);
        inForce(Objects.requireNonNull(shared().carry(carried.values()).get(upstream.instanceId())));
    }

    private static void inForce(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.InForce.class);
    }

    private static long counted(String domain, Counter counter) {
        return shared().counted().stream()
                .filter(counted -> counted.places().contains("sip:" + domain))
                .mapToLong(counted -> counted.counters().getOrDefault(counter, 0L))
                .sum();
    }

    private static KamailioProgram program() {
        return new KamailioProgram(Programs.kamailio());
    }

    private static Settings settings() {
        return new Settings(properties(), directory.toAbsolutePath().normalize());
    }

    private static ProcessHandle process() {
        return program().running(settings()).orElseThrow();
    }
}
