package io.switchboard.access;

import static io.switchboard.access.testing.Examples.HTTP;
import static io.switchboard.access.testing.Examples.SIP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.removed;
import static io.switchboard.access.testing.Examples.snapshot;
import static io.switchboard.access.testing.Examples.withPorts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.switchboard.access.AccessTestBeans.SeenEvents;
import io.switchboard.access.AccessTestBeans.Snapshots;
import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.route.Domain;
import io.switchboard.access.route.Domains;
import io.switchboard.access.route.Network;
import io.switchboard.access.route.Policy;
import io.switchboard.access.testing.Confd;
import io.switchboard.access.testing.Task;
import io.switchboard.access.testing.Visitor;
import io.switchboard.contracts.access.RouteEvent;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;

/**
 * The scheme in {@code deploy/confd} beside the agent, on the same keys: what one carries the other does. Runs where
 * {@code -Dconfd=} names the binary that {@code deploy/confd/build} makes.
 */
@AccessTest
@EnabledIfSystemProperty(named = "confd", matches = ".+")
class ConfdTests {

    private static final String DESK = "confd-desk.acme.switchboard.localhost";
    private static final String SALES = "confd-sales.acme.switchboard.localhost";

    private final Snapshots snapshots;
    private final SeenEvents events;
    private final EndpointRegistry registry;
    private final String etcd;
    private final Visitor throughTheAgent;

    @TempDir
    private Path directory;

    ConfdTests(
            Snapshots snapshots,
            SeenEvents events,
            EndpointRegistry registry,
            @Value("${access.etcd.endpoints}") String etcd,
            @Value("${access.haproxy.http-bind}") String bind) {
        this.snapshots = snapshots;
        this.events = events;
        this.registry = registry;
        this.etcd = etcd;
        this.throughTheAgent = new Visitor(Integer.parseInt(bind.split(":")[1]));
    }

    @Test
    void whatTheAgentCarriesConfdDoes() {
        var desk = newInstanceId();
        var sales = newInstanceId();
        try (var one = new Task("one");
                var two = new Task("two");
                var three = new Task("three");
                var confd = new Confd(directory, etcd)) {
            var trunk = carry(withPorts(
                            snapshot(
                                    desk,
                                    "confd-desk",
                                    1,
                                    one.serving(State.READY, "http", "sip"),
                                    two.serving(State.READY, "http", "sip")),
                            HTTP,
                            SIP))
                    .addresses()
                    .stream()
                    .map(address -> URI.create(address.url()))
                    .filter(address -> address.getScheme().equals("tcp"))
                    .findFirst()
                    .orElseThrow();
            carry(snapshot(sales, "confd-sales", 1, three.serving(State.READY)));

            both(confd, DESK, Set.of("one", "two"));
            both(confd, SALES, Set.of("three"));
            both(confd, SALES + ".", Set.of("three"));
            assertThat(confd.visitor()
                            .get("nobody.example", "/", "X-Request-Id", "mine-1, a\"b")
                            .headers()
                            .firstValue("X-Request-Id"))
                    .get()
                    .asString()
                    .matches("[0-9a-f-]{36}");
            for (var path : List.of(
                    "/switchboard/drain",
                    "/;x/switchboard/drain",
                    "/x/..;/switchboard/drain",
                    "/.;a/switchboard/drain",
                    "/;x%2Fy/switchboard/drain")) {
                assertThat(confd.visitor().get(SALES, path).body()).as(path).contains("\"code\":\"NO_ROUTE\"");
            }
            assertThat(confd.tcpAnswer(trunk.getPort())).isIn("one", "two");

            carry(withPorts(
                    snapshot(
                            desk,
                            "confd-desk",
                            2,
                            one.serving(State.DRAINING, "http", "sip"),
                            two.serving(State.READY, "http", "sip")),
                    HTTP,
                    SIP));
            both(confd, DESK, Set.of("two"));

            carry(removed(desk, "confd-desk", 3));
            carry(removed(sales, "confd-sales", 2));
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(confd.visitor().get(DESK, "/").statusCode()).isEqualTo(404);
                assertThat(confd.visitor().get(SALES, "/").statusCode()).isEqualTo(404);
            });
            var agent = throughTheAgent.get(DESK, "/");
            var other = confd.visitor().get(DESK, "/");
            assertThat(other.statusCode()).isEqualTo(agent.statusCode());
            assertThat(withoutRequestId(other.body())).isEqualTo(withoutRequestId(agent.body()));
        }
    }

    @Test
    void whatNamesHoldStaysOutOfTheFile() {
        var odd = new PortSpec("a#b\"'$", PortSpec.Protocol.TCP, 5060);
        var desk = newInstanceId();
        var lost = newInstanceId();
        try (var one = new Task("x#\"'${HOME}\\");
                var confd = new Confd(directory, etcd)) {
            snapshots.publish(snapshot(
                    lost,
                    "confd-lost",
                    1,
                    new ServingTask("lost", "no-such-host.invalid", Map.of("http", 80), State.READY)));
            carry(withPorts(snapshot(desk, "confd-odd", 1, one.serving(State.READY, "http", odd.name())), HTTP, odd));

            both(confd, "confd-odd.acme.switchboard.localhost", Set.of(one.id()));
            var nobody = confd.visitor().get("confd-lost.acme.switchboard.localhost", "/");
            assertThat(nobody.body()).contains("\"code\":\"NO_TASK_READY\"");
            assertThat(nobody.headers().firstValue("Retry-After")).hasValue("2");

            carry(removed(desk, "confd-odd", 2));
            carry(removed(lost, "confd-lost", 2));
        }
    }

    @Test
    void whatIsToldTwiceOrNotAtAllHindersNobody() throws Exception {
        var earlier = newInstanceId();
        var later = newInstanceId();
        var bare = newInstanceId();
        var record = ByteSequence.from("/switchboard/v1/instances/" + bare, StandardCharsets.UTF_8);
        try (var one = new Task("one");
                var two = new Task("two");
                var confd = new Confd(directory, etcd);
                var client = Client.builder().endpoints(etcd).build()) {
            client.getKVClient()
                    .put(record, ByteSequence.from("""
                            {"instanceId":"%s","tenant":"acme","instanceName":"confd-bare","serviceType":"acd","sequence":1,
                             "changedAt":"2026-11-24T07:00:00Z","removed":false,"policy":{},
                             "routes":[{"kind":"host","port":"http","host":"confd-bare.acme.switchboard.localhost"}],
                             "endpoints":[{"taskId":"t","port":"http","host":"127.0.0.1","number":%d,"state":"READY"}]}
                            """.formatted(bare, one.port()), StandardCharsets.UTF_8))
                    .get();
            // One task under two names, as while an engine tells of it twice.
            carry(snapshot(earlier, "confd-twice", 1, one.serving(State.READY), again(one)));
            both(confd, "confd-twice.acme.switchboard.localhost", Set.of("one"));
            await().untilAsserted(() -> assertThat(answers(confd.visitor(), "confd-bare.acme.switchboard.localhost"))
                    .isEqualTo(Set.of("one")));

            carry(snapshot(later, "confd-twice", 1, two.serving(State.READY)));
            both(confd, "confd-twice.acme.switchboard.localhost", Set.of("two"));

            client.getKVClient().delete(record).get();
            carry(removed(earlier, "confd-twice", 2));
            carry(removed(later, "confd-twice", 2));
        }
    }

    private static ServingTask again(Task task) {
        var serving = task.serving(State.READY);
        return new ServingTask(serving.id() + "-again", serving.host(), serving.ports(), serving.state());
    }

    @Test
    void whatAPolicySaysConfdDoesToo() {
        var host = "confd-policy.acme.switchboard.localhost";
        var id = newInstanceId();
        try (var old = new Task("old");
                var fresh = new Task("fresh");
                var confd = new Confd(directory, etcd)) {
            carry(withPorts(snapshot(id, "confd-policy", 1, revision(old, 3), revision(fresh, 4)), HTTP, SIP));

            registry.govern(id, new Policy(List.of(new Policy.Share(4, 25)), Map.of()));
            bothAwait(
                    confd,
                    visitor -> assertThat(IntStream.range(0, 40)
                                    .filter(each ->
                                            visitor.get(host, "/").body().equals("fresh"))
                                    .count())
                            .isBetween(9L, 11L));

            registry.govern(id, rules(new Policy.Rules(true, 60, Policy.Limits.NONE, List.of())));
            bothAwait(confd, visitor -> {
                var first = visitor.get(host, "/");
                var cookie = first.headers().firstValue("Set-Cookie").orElse("").split(";")[0];
                assertThat(cookie).startsWith("switchboard-task-");
                assertThat(IntStream.range(0, 6)
                                .mapToObj(each ->
                                        visitor.get(host, "/", "Cookie", cookie).body()))
                        .containsOnly(first.body());
            });

            registry.govern(
                    id, rules(new Policy.Rules(false, 0, Policy.Limits.NONE, List.of(new Network("203.0.113.0/24")))));
            bothAwait(
                    confd,
                    visitor -> assertThat(visitor.get(host, "/").statusCode()).isEqualTo(403));
            assertThat(withoutRequestId(confd.visitor().get(host, "/").body()))
                    .isEqualTo(withoutRequestId(throughTheAgent.get(host, "/").body()));

            registry.govern(
                    id,
                    rules(new Policy.Rules(
                            false, 0, new Policy.Limits(0, 5, 0, 0), List.of(new Network("127.0.0.0/8")))));
            bothAwait(
                    confd,
                    visitor -> assertThat(IntStream.range(0, 20)
                                    .mapToObj(each -> visitor.get(host, "/").statusCode())
                                    .collect(Collectors.toSet()))
                            .isEqualTo(Set.of(200, 429)));

            carry(removed(id, "confd-policy", 2));
        }
    }

    @Test
    void pathsOfAHostLeadToTheSameByBoth() {
        var desk = newInstanceId();
        var chat = newInstanceId();
        var deep = newInstanceId();
        try (var one = new Task("desk");
                var two = new Task("chat");
                var three = new Task("deep");
                var confd = new Confd(directory, etcd)) {
            carry(snapshot(deep, "confd-deep", 1, three.serving(State.READY)));
            carry(snapshot(desk, "confd-whole", 1, one.serving(State.READY)));
            carry(snapshot(chat, "confd-chat", 1, two.serving(State.READY)));
            claim(desk, "/");
            claim(deep, "/chat/deep");
            claim(chat, "/chat");
            var led = Map.of(
                    "/", "desk",
                    "/chatter", "desk",
                    "/a/../b%20c", "desk",
                    "/chat", "chat",
                    "/chat/x?y=/", "chat",
                    "/chat/deep/x", "deep");

            bothAwait(
                    confd,
                    visitor -> led.forEach(
                            (path, task) -> assertThat(visitor.get(SHARED, path).body())
                                    .as(path)
                                    .isEqualTo(task)));

            // What isn't a name is nobody's.
            for (var host : List.of(SHARED + "..", "x," + SHARED, SHARED + "/chat")) {
                for (var visitor : List.of(throughTheAgent, confd.visitor())) {
                    assertThat(visitor.get(host, "/").statusCode()).as(host).isEqualTo(404);
                }
            }
            for (var path : List.of(
                    "/%63hat",
                    "/x/../chat",
                    "/x//../../chat/deep",
                    "/z/../chat//../x",
                    "/chat;a=b/deep",
                    "/chat/../x",
                    "/x%2f..%2fchat")) {
                for (var visitor : List.of(throughTheAgent, confd.visitor())) {
                    assertThat(visitor.get(SHARED, path).body()).as(path).contains("\"code\":\"PATH_AMBIGUOUS\"");
                }
            }

            registry.govern(desk, rules(new Policy.Rules(true, 0, Policy.Limits.NONE, List.of())));
            registry.govern(chat, rules(new Policy.Rules(true, 0, Policy.Limits.NONE, List.of())));
            bothAwait(confd, visitor -> {
                var names = Stream.of("/", "/chat")
                        .map(path -> visitor.get(SHARED, path)
                                .headers()
                                .firstValue("Set-Cookie")
                                .orElse("")
                                .split("=")[0])
                        .toList();
                assertThat(names)
                        .allMatch(name -> name.startsWith("switchboard-task-"))
                        .doesNotHaveDuplicates();
            });

            carry(removed(deep, "confd-deep", 2));
            carry(removed(chat, "confd-chat", 2));
            bothAwait(
                    confd,
                    visitor ->
                            assertThat(visitor.get(SHARED, "/chat/deep").body()).isEqualTo("desk"));
            carry(removed(desk, "confd-whole", 2));
        }
    }

    private static final String SHARED = "confd.example";

    private void claim(UUID id, String path) {
        var verified = Domain.claimed(SHARED, path, "http", "0".repeat(40), Instant.now())
                .verified(Instant.now());
        registry.name(
                id,
                SHARED,
                domains -> domains.with(verified, Domains.What.VERIFIED, "", Instant.now()),
                Optional.empty());
    }

    @Test
    void tasksOfTcpPortsAreToldWhoCallsByBoth() throws IOException {
        var id = newInstanceId();
        try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var confd = new Confd(directory, etcd)) {
            listener.setSoTimeout(10_000);
            var task = new ServingTask("t", "127.0.0.1", Map.of("sip", listener.getLocalPort()), State.READY);
            var port = URI.create(carry(withPorts(snapshot(id, "confd-proxied", 1, task), SIP))
                            .addresses()
                            .getFirst()
                            .url())
                    .getPort();

            registry.govern(
                    id,
                    new Policy(
                            List.of(),
                            Map.of("sip", new Policy.Rules(false, 0, Policy.Limits.NONE, List.of(), "", true))));

            for (String balancer : List.of("127.0.0.1", Confd.TCP_HOST)) {
                await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
                    try (var caller = new Socket(balancer, port);
                            var here = listener.accept()) {
                        here.setSoTimeout(10_000);
                        caller.getOutputStream().write("INVITE sip:desk".getBytes(StandardCharsets.US_ASCII));
                        assertThat(here.getInputStream().readNBytes(12))
                                .as(confd.state())
                                .startsWith(0x0D, 0x0A, 0x0D, 0x0A, 0x00);
                    }
                });
            }
            carry(removed(id, "confd-proxied", 2));
        }
    }

    private static Policy rules(Policy.Rules rules) {
        // Of TCP only what it has is said, as the API sees to.
        return new Policy(
                List.of(),
                Map.of(
                        "http",
                        rules,
                        "sip",
                        new Policy.Rules(false, 0, new Policy.Limits(9, 9, 9, 1_000_000), rules.allow())));
    }

    private static ServingTask revision(Task task, long revision) {
        var serving = task.serving(State.READY, "http", "sip");
        return new ServingTask(serving.id(), serving.host(), serving.ports(), serving.state(), revision);
    }

    /** The agent is first to do it; both do it in the end. */
    private void bothAwait(Confd confd, Consumer<Visitor> said) {
        for (var visitor : List.of(throughTheAgent, confd.visitor())) {
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                try {
                    said.accept(visitor);
                } catch (IllegalStateException e) {
                    throw new AssertionError(confd.state(), e);
                }
            });
        }
    }

    private RouteEvent carry(TaskSnapshot snapshot) {
        snapshots.publish(snapshot);
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> events.last(snapshot.instanceId()),
                        last -> last.isPresent() && last.get().sequence() >= snapshot.sequence())
                .orElseThrow();
    }

    private void both(Confd confd, String host, Set<String> answers) {
        assertThat(answers(throughTheAgent, host)).isEqualTo(answers);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(answers(confd.visitor(), host))
                        .as(confd::state)
                        .isEqualTo(answers));
    }

    private static Set<String> answers(Visitor visitor, String host) {
        var answers = new TreeSet<String>();
        IntStream.range(0, 12)
                .mapToObj(each -> visitor.get(host, "/"))
                .forEach(response -> answers.add(
                        response.statusCode() == 200 ? response.body() : String.valueOf(response.statusCode())));
        return answers;
    }

    private static String withoutRequestId(String body) {
        return body.replaceAll("\"requestId\":\"[^\"]*\"", "");
    }
}
