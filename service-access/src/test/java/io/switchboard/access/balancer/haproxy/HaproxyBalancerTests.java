package io.switchboard.access.balancer.haproxy;

import static io.switchboard.access.testing.Examples.HTTP;
import static io.switchboard.access.testing.Examples.SIP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.removed;
import static io.switchboard.access.testing.Examples.snapshot;
import static io.switchboard.access.testing.Examples.withPorts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.balancer.Balancer;
import io.switchboard.access.balancer.Balancer.Outcome;
import io.switchboard.access.balancer.BalancerContract;
import io.switchboard.access.endpoint.Drift.Difference;
import io.switchboard.access.route.Network;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.Echo;
import io.switchboard.access.testing.MovingClock;
import io.switchboard.access.testing.OwnHaproxy;
import io.switchboard.access.testing.Programs;
import io.switchboard.access.testing.Routing;
import io.switchboard.access.testing.Task;
import io.switchboard.access.testing.Visitor;
import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** One HAProxy for all tests here; each leaves it without routes. */
class HaproxyBalancerTests extends BalancerContract {

    private static final int HTTP_PORT = FreePorts.next();
    private static final PortRange TCP = range();
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

    @TempDir
    static Path directory;

    private static @Nullable HaproxyBalancer running;

    private static PortRange range() {
        int first = FreePorts.next(10);
        return new PortRange(first, first + 9);
    }

    @BeforeAll
    static void start() {
        running = balancer(10);
        running.audit(List.of());
    }

    @AfterAll
    static void stop() {
        shared().close();
    }

    private static HaproxyBalancer shared() {
        var balancer = running;
        if (balancer == null) {
            throw new IllegalStateException("not started");
        }
        return balancer;
    }

    private static HaproxyBalancer balancer(int httpBackends) {
        return balancer(directory, HTTP_PORT, TCP, httpBackends);
    }

    private static HaproxyBalancer balancer(Path directory, int httpPort, PortRange tcp, int httpBackends) {
        return balancer(directory, httpPort, tcp, httpBackends, Duration.ZERO);
    }

    private static HaproxyBalancer balancer(
            Path directory, int httpPort, PortRange tcp, int httpBackends, Duration quarantine) {
        return balancer(directory, httpPort, tcp, httpBackends, quarantine, 1_000, Clock.systemUTC(), METERS);
    }

    static HaproxyBalancer balancer(
            Path directory,
            int httpPort,
            PortRange tcp,
            int httpBackends,
            Duration quarantine,
            int mostBackends,
            Clock clock,
            MeterRegistry meters) {
        return new HaproxyBalancer(
                OwnHaproxy.properties(
                        directory,
                        httpPort,
                        Map.of(
                                "http-backends",
                                httpBackends,
                                "tcp-backends",
                                5,
                                "weighted-backends",
                                20,
                                "quarantine",
                                quarantine,
                                "most-backends",
                                mostBackends)),
                new HaproxyProgram(Programs.haproxy()),
                new Routing(httpPort, tcp).addressing(),
                tcp,
                clock,
                meters);
    }

    @Override
    protected Balancer balancer() {
        return shared();
    }

    @Override
    protected Routing routing() {
        return new Routing(HTTP_PORT, TCP);
    }

    @Override
    protected URI reachable(URI address) {
        return URI.create("http://127.0.0.1:" + address.getPort());
    }

    @Test
    void whoCallsAnInstanceCannotEmptyItsTasks() {
        try (var task = new Task("one")) {
            var address = inForce(carry(snapshot(newInstanceId(), "desk", 1, task.serving(State.READY))))
                    .getFirst();

            for (var path : List.of(
                    "/switchboard/drain",
                    "//switchboard/drain",
                    "/%73witchboard/drain",
                    "/./switchboard;x/drain",
                    "/;x/switchboard/drain",
                    "/x/..;/switchboard/drain",
                    "/.;a/switchboard/drain",
                    "/;x%2Fy/switchboard/drain",
                    "/%3Bx/switchboard/drain",
                    "/a/../switchboard/quality?b=c")) {
                assertThat(begin(address, path).join().body()).as(path).contains("\"code\":\"NO_ROUTE\"");
            }
            for (var path : List.of("/", "/switchboards", "/docs/switchboard/drain", "/a;b/switchboard")) {
                assertThat(begin(address, path).join().statusCode()).as(path).isEqualTo(200);
            }
        }
    }

    @Test
    void anUnknownHostIsTold() {
        var answer = send(URI.create("http://127.0.0.1:" + HTTP_PORT), "nobody.acme.switchboard.localhost", "/")
                .join();

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        var problem = JsonMapper.shared().readTree(answer.body());
        assertThat(problem.path("code").asString()).isEqualTo("NO_ROUTE");
        assertThat(problem.path("title").asString()).isEqualTo("No route");
        assertThat(problem.path("fault").asString()).isEqualTo("CALLER");
        assertThat(problem.path("remedy").asString()).contains("instance's owner");
        assertThat(answer.headers().firstValue("X-Request-Id"))
                .hasValue(problem.path("requestId").asString())
                .get()
                .asString()
                .isNotEmpty();
    }

    @Test
    void anInstanceWithoutReadyTasksIsTold() {
        var address = inForce(carry(snapshot(newInstanceId(), "desk", 1))).getFirst();

        var answer = begin(address, "/").join();

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"code\":\"NO_TASK_READY\"", "\"fault\":\"BUSY\"");
        assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("2");
    }

    @Test
    void aTaskThatDiedIsPassedOver() {
        try (var alive = new Task("alive");
                var dead = new Task("dead")) {
            var gone = dead.serving(State.READY);
            dead.close();
            var addresses = inForce(carry(snapshot(newInstanceId(), "desk", 1, alive.serving(State.READY), gone)));

            assertThat(answers(addresses)).containsExactly("alive");
        }
    }

    @Test
    void requestsAreMarkedForTheTask() {
        try (var task = new Task("one")) {
            var address = inForce(carry(snapshot(newInstanceId(), "desk", 1, task.serving(State.READY))))
                    .getFirst();

            var headers = begin(address, "/").join().headers();

            assertThat(headers.firstValue("X-Seen-Request-Id"))
                    .hasValueSatisfying(id -> assertThat(id).matches("[0-9a-f-]{36}"));
            assertThat(headers.firstValue("X-Seen-Forwarded-For")).hasValue("127.0.0.1");
        }
    }

    @Test
    void whatAClientSaysOfItselfStaysText() {
        var hostile = "\"},{\"code\":\"%[env(HOME)]";
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + HTTP_PORT + "/"))
                .header("Host", "no'such\"host;%[env(HOME)]")
                .header("X-Request-Id", hostile)
                .build();

        var answer =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(JsonMapper.shared().readTree(answer.body()).path("requestId").asString())
                .matches("[0-9a-f-]{36}");
    }

    /** A list, or several, of which one is as it should be, would get the others into answers and into tasks' logs. */
    @Test
    void anIdOfARequestIsTakenIfItIsTheOnlyOne() {
        try (var task = new Task("one")) {
            inForce(carry(snapshot(newInstanceId(), "desk", 1, task.serving(State.READY))));
            var visitor = new Visitor(HTTP_PORT);

            for (var host : List.of("desk.acme.switchboard.localhost", "nobody.acme.switchboard.localhost")) {
                assertThat(idOf(visitor.get(host, "/", "X-Request-Id", "mine-1")))
                        .isEqualTo("mine-1");
                assertThat(idOf(visitor.get(host, "/", "X-Request-Id", "mine-1", "X-Request-Id", "mine-2")))
                        .matches("[0-9a-f-]{36}");
                for (var given : List.of("mine-1, mine-2", "mine-1,", "a\"b, mine-1", "mine-1, a\"b", "x".repeat(65))) {
                    assertThat(idOf(visitor.get(host, "/", "X-Request-Id", given)))
                            .as(given)
                            .matches("[0-9a-f-]{36}");
                }
            }
        }
    }

    /** As its task saw it, or as HAProxy answered. */
    private static String idOf(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("X-Seen-Request-Id")
                .or(() -> answer.headers().firstValue("X-Request-Id"))
                .orElse("");
    }

    @Test
    void aHostMayEndWithADot() {
        try (var task = new Task("one")) {
            inForce(carry(snapshot(newInstanceId(), "desk", 1, task.serving(State.READY))));
            var visitor = new Visitor(HTTP_PORT);

            for (var host : List.of(
                    "desk.acme.switchboard.localhost.",
                    "DESK.acme.switchboard.localhost.:" + HTTP_PORT,
                    "desk.acme.switchboard.localhost:80")) {
                assertThat(visitor.get(host, "/").body()).as(host).isEqualTo("one");
            }
            assertThat(visitor.get("desk.acme.switchboard.", "/").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aTaskIsReachedByItsIpv6Address() throws IOException {
        var id = newInstanceId();
        try (var task = new Task("one", InetAddress.getByName("::1"))) {
            var addresses = inForce(carry(snapshot(
                    id, "desk", 1, new ServingTask("x", "0:0:0:0:0:0:0:1", Map.of("http", task.port()), State.READY))));

            assertThat(answers(addresses)).containsExactly("one");
        }
    }

    @Test
    void aHostThatSeveralClaimIsTheLatests() {
        var earlier = newInstanceId();
        var later = newInstanceId();
        try (var one = new Task("one");
                var two = new Task("two")) {
            carry(snapshot(earlier, "desk", 1, one.serving(State.READY)));
            var addresses = inForce(carry(snapshot(later, "desk", 1, two.serving(State.READY))));
            assertThat(answers(addresses)).containsExactly("two");

            carry(snapshot(earlier, "desk", 2, one.serving(State.READY)));
            assertThat(answers(addresses)).containsExactly("two");
            carry(removed(earlier, "desk", 3));
            assertThat(answers(addresses)).containsExactly("two");
        }
    }

    /** Changes are carried by what they touch; a look at everything must find nothing left to do. */
    @Test
    void manyChangesLeaveWhatALookAtEverythingWouldWant() {
        var random = new Random(7);
        var ids = new ArrayList<UUID>();
        var sequences = new HashMap<UUID, Integer>();
        double repairs = METERS.counter("access.drift.repairs").count();
        double reloads = METERS.counter("access.reloads").count();
        for (int change = 0; change < 300; change++) {
            // Not so many that HAProxy needs more backends.
            if (ids.size() < 4) {
                ids.add(newInstanceId());
            }
            var id = ids.get(random.nextInt(ids.size()));
            int sequence = sequences.merge(id, 1, Integer::sum);
            // Few names, so that several instances claim the same.
            var name = "desk-" + id.getMostSignificantBits() / 65_536 % 3;
            if (random.nextInt(4) == 0) {
                inForce(carry(removed(id, name, sequence)));
                ids.remove(id);
            } else {
                var tasks = IntStream.range(0, random.nextInt(4))
                        .mapToObj(task -> new ServingTask(
                                "t" + task,
                                "127.0.0." + (1 + random.nextInt(5)),
                                Map.of("http", 1 + random.nextInt(3), "sip", 9),
                                random.nextInt(3) == 0 ? State.DRAINING : State.READY,
                                random.nextInt(3)))
                        .toArray(ServingTask[]::new);
                var upstream =
                        routing.upstream(withPorts(snapshot(id, name, sequence, tasks), HTTP, SIP), upstream(id));
                inForce(carry(random.nextBoolean() ? upstream : upstream.under(policy(random), Instant.EPOCH)));
            }
        }

        assertThat(commandsOfAnAudit()).isEmpty();
        assertThat(METERS.counter("access.drift.repairs").count()).isEqualTo(repairs);
        assertThat(METERS.counter("access.reloads").count()).isEqualTo(reloads);
    }

    private static Policy policy(Random random) {
        var rules = new Policy.Rules(
                random.nextBoolean(),
                random.nextInt(2),
                new Policy.Limits(random.nextInt(2) * 900, 0, 0, 0),
                random.nextBoolean() ? List.of() : List.of(new Network("127." + 2 * random.nextInt(99) + ".0.0/15")));
        return new Policy(
                random.nextBoolean()
                        ? List.of()
                        : List.of(new Policy.Share(1 + random.nextInt(2), random.nextInt(101))),
                random.nextBoolean() ? Map.of() : Map.of(random.nextBoolean() ? "http" : "sip", rules));
    }

    /** What a look at everything changes: servers and maps before and after it. */
    private List<String> commandsOfAnAudit() {
        try (var api = new RuntimeApi(Duration.ofSeconds(60))) {
            var before = layout(api);
            balancer().audit(carried());
            return new Commands(directory, false).between(before, layout(api));
        }
    }

    private static Layout layout(RuntimeApi api) {
        var socket = directory.resolve("admin.sock");
        var maps = Maps.of(Maps.files(directory).stream()
                .map(file -> RuntimeApi.map(api.send(socket, "show map " + file)))
                .toList());
        var ports = new HashMap<Integer, String>();
        maps.ports().forEach((port, backend) -> ports.put(Integer.valueOf(port), backend));
        return new Layout(
                RuntimeApi.servers(api.send(socket, "show servers state")), maps.hosts(), ports, maps.treatments());
    }

    @Test
    void anUnknownTaskHostHindersOnlyItsOwnInstance() {
        try (var task = new Task("one")) {
            var lost = carry(snapshot(
                    newInstanceId(),
                    "lost",
                    1,
                    new ServingTask("x", "no-such-host.invalid", Map.of("http", 80), State.READY)));
            var addresses = inForce(carry(snapshot(newInstanceId(), "desk", 1, task.serving(State.READY))));

            assertThat(lost).isInstanceOf(Outcome.Refused.class);
            assertThat(answers(addresses)).containsExactly("one");
        }
    }

    @Test
    void whatSomebodyElseDidIsPutRight() {
        try (var task = new Task("one")) {
            var addresses = inForce(carry(snapshot(newInstanceId(), "desk", 1, task.serving(State.READY))));
            try (var api = new RuntimeApi(Duration.ofSeconds(60))) {
                api.run(
                        directory.resolve("admin.sock"),
                        List.of("clear map " + directory.resolve("host.map"), "set server h0000/s1 state maint"));
            }
            assertThat(begin(addresses.getFirst(), "/").join().statusCode()).isEqualTo(404);

            assertThat(balancer().auditDue(carried())).isTrue();
            balancer().audit(carried());
            assertThat(balancer().auditDue(carried())).isFalse();

            assertThat(answers(addresses)).containsExactly("one");
            assertThat(METERS.counter("access.drift.repairs").count()).isPositive();
            assertThat(balancer().condition().drifts()).first().satisfies(drift -> {
                assertThat(drift.count()).isEqualTo(2);
                assertThat(drift.differences())
                        .containsExactly(
                                new Difference("host desk.acme.switchboard.localhost", "h0000", ""),
                                new Difference(
                                        "server h0000/s1",
                                        "127.0.0.1:" + task.port() + " READY",
                                        "127.0.0.1:" + task.port() + " MAINT"));
                assertThat(drift.repairedAt())
                        .hasValueSatisfying(repaired -> assertThat(repaired).isAfterOrEqualTo(drift.noticedAt()));
                assertThat(drift.rightUntil()).isBefore(drift.noticedAt());
            });
        }
    }

    @Test
    void aFrontendThatSomebodyElseStoppedIsOpenedAgain() {
        try (var task = new Task("one");
                var api = new RuntimeApi(Duration.ofSeconds(60))) {
            var addresses = inForce(carry(snapshot(newInstanceId(), "desk", 1, task.serving(State.READY))));
            api.run(directory.resolve("admin.sock"), List.of("disable frontend http_in"));

            assertThat(balancer().auditDue(carried())).isTrue();
            balancer().audit(carried());
            assertThat(balancer().auditDue(carried())).isFalse();

            assertThat(answers(addresses)).containsExactly("one");
            assertThat(balancer().condition().drifts())
                    .first()
                    .satisfies(drift -> assertThat(drift.differences())
                            .singleElement()
                            .satisfies(
                                    difference -> assertThat(difference.what()).isEqualTo("frontend http_in")));
        }
    }

    @Test
    void aFrontendThatSomebodyElseShutDownIsOpenedAgain() {
        try (var task = new Task("one");
                var api = new RuntimeApi(Duration.ofSeconds(60))) {
            var addresses = inForce(carry(snapshot(newInstanceId(), "desk", 1, task.serving(State.READY))));
            api.run(directory.resolve("admin.sock"), List.of("shutdown frontend http_in"));

            assertThat(balancer().auditDue(carried())).isTrue();
            balancer().audit(carried());
            assertThat(balancer().auditDue(carried())).isFalse();

            assertThat(answers(addresses)).containsExactly("one");
            assertThat(balancer().condition().drifts().getFirst().repairedAt()).isPresent();
        }
    }

    @Test
    void anInstanceWithoutTasksHidesNoDrift() {
        inForce(carry(snapshot(newInstanceId(), "empty", 1)));
        try (var api = new RuntimeApi(Duration.ofSeconds(60))) {
            for (int time = 0; time < 2; time++) {
                double repairs = METERS.counter("access.drift.repairs").count();
                api.send(directory.resolve("admin.sock"), "clear map " + directory.resolve("host.map"));

                balancer().audit(carried());

                assertThat(METERS.counter("access.drift.repairs").count()).isEqualTo(repairs + 1);
                assertThat(balancer().condition().drifts().getFirst().repairedAt())
                        .isPresent();
            }
        }
    }

    @Test
    void aKilledHaproxyComesBackWithTheSameRoutes() throws IOException {
        try (var task = new Task("one")) {
            var addresses = inForce(carry(snapshot(newInstanceId(), "desk", 1, task.serving(State.READY))));
            balancer().save();
            var files = Files.readString(directory.resolve("haproxy.cfg"));
            assertThat(files).contains("server s1 127.0.0.1:" + task.port());
            kill();

            balancer().audit(carried());

            assertThat(answers(addresses)).containsExactly("one");
        }
    }

    @Test
    void itsEndIsNoticed() throws IOException {
        var ended = new AtomicBoolean();
        balancer().onEnd(() -> ended.set(true));

        kill();

        await().untilTrue(ended);
        balancer().audit(carried());
    }

    @Test
    void aPortThatAnotherProgramHasHindersNobodyElse(@TempDir Path own) throws IOException {
        int first = FreePorts.next(4);
        var ports = new PortRange(first, first + 3);
        var routing = new Routing(FreePorts.next(), ports);
        var id = newInstanceId();
        var neighbour = newInstanceId();
        try (var task = new Task("one");
                var other = new ServerSocket()) {
            var upstreams = List.of(
                    routing.upstream(trunk(id, task), Optional.empty()),
                    routing.upstream(trunk(neighbour, task), Optional.empty()));
            int taken = ((Route.Port) upstreams.getFirst().routes().getFirst()).number();
            other.bind(new InetSocketAddress("127.0.0.1", taken));
            var balancer = balancer(own, routing.addressing().publicPort(), ports, 2);
            try {
                var outcomes = balancer.audit(upstreams);
                assertThat(outcomes.get(id))
                        .isEqualTo(
                                new Outcome.Refused("port " + taken + " is taken by another program on this machine"));
                assertThat(outcomes.get(neighbour)).isInstanceOf(Outcome.InForce.class);

                other.close();
                assertThat(balancer.audit(upstreams).get(id)).isInstanceOf(Outcome.InForce.class);
                assertThat(balancer.goesOn()).isTrue();
            } finally {
                balancer.close();
            }
            assertThat(balancer.goesOn()).isFalse();
        }
    }

    @Test
    void whoLeftABackendGetsItBackAtOnce(@TempDir Path own) {
        int first = FreePorts.next(4);
        var ports = new PortRange(first, first + 3);
        var routing = new Routing(FreePorts.next(), ports);
        try (var old = new Task("old");
                var fresh = new Task("fresh")) {
            var upstream = routing.upstream(
                    snapshot(newInstanceId(), "desk", 1, revision(old, 3), revision(fresh, 4)), Optional.empty());
            var balancer = balancer(own, routing.addressing().publicPort(), ports, 2, Duration.ofHours(1));
            try {
                balancer.audit(List.of(upstream));
                double reloads = METERS.counter("access.reloads").count();
                for (int each = 0; each < 20; each++) {
                    var policy = each % 2 == 0 ? new Policy(List.of(new Policy.Share(4, 50)), Map.of()) : Policy.NONE;
                    upstream = upstream.under(policy, Instant.EPOCH);
                    assertThat(upstream.weighted("http")).isEqualTo(each % 2 == 0);
                    assertThat(balancer.carry(List.of(upstream)).values())
                            .allMatch(Outcome.InForce.class::isInstance)
                            .hasSize(1);
                }
                assertThat(METERS.counter("access.reloads").count()).isEqualTo(reloads);
                balancer.save();
                assertThat(own.resolve("host.map")).content().endsWith(" h0000\n");
            } finally {
                balancer.close();
            }
        }
    }

    @Test
    void aBackendRestsForAsLongAsSomethingGoesOnThere(@TempDir Path own) {
        int first = FreePorts.next(2);
        var ports = new PortRange(first, first + 1);
        var routing = new Routing(FreePorts.next(), ports);
        var clock = new MovingClock(Instant.now());
        var meters = new SimpleMeterRegistry();
        int port = routing.addressing().publicPort();
        var balancer = balancer(own, port, ports, 2, Duration.ZERO, 2, clock, meters);
        try (var task = new Task("one")) {
            balancer.audit(List.of(placed(routing, "desk", task)));
            var running = new Visitor(port).begin("desk.acme.switchboard.localhost", "/slow");
            task.awaitSlowRequest();

            // Its route ends, and its request goes on: who comes next gets another backend, and there is no third.
            var lobby = placed(routing, "lobby", task);
            balancer.carry(List.of());
            clock.pass(Duration.ofSeconds(1));
            assertThat(balancer.carry(List.of(lobby)).values()).hasOnlyElementsOfType(Outcome.InForce.class);
            balancer.save();
            assertThat(own.resolve("host.map")).content().isEqualTo("lobby.acme.switchboard.localhost h0001\n");
            var porch = placed(routing, "porch", task);
            clock.pass(Duration.ofMinutes(1));
            assertThat(balancer.carry(List.of(lobby, porch)).get(porch.instanceId()))
                    .isInstanceOfSatisfying(
                            Outcome.Refused.class,
                            refused -> assertThat(refused.reason()).contains("access.haproxy.most-backends"));
            assertThat(new Visitor(port)
                            .get("lobby.acme.switchboard.localhost", "/")
                            .body())
                    .isEqualTo("one");
            assertThat(meters.get("access.backends").tag("kind", "http").gauge().value())
                    .isEqualTo(2);

            task.finishSlowRequest();
            assertThat(running.join().body()).isEqualTo("one");
            clock.pass(Duration.ofMinutes(1));
            await().untilAsserted(() -> assertThat(balancer.carry(List.of(lobby, porch)))
                    .containsEntry(
                            porch.instanceId(),
                            new Outcome.InForce(routing.addressing().addresses(porch))));
            assertThat(new Visitor(port)
                            .get("porch.acme.switchboard.localhost", "/")
                            .body())
                    .isEqualTo("one");
            assertThat(meters.counter("access.reloads").count()).isZero();
        } finally {
            balancer.close();
        }
    }

    private static Upstream placed(Routing routing, String name, Task task) {
        return routing.upstream(snapshot(newInstanceId(), name, 1, task.serving(State.READY)), Optional.empty());
    }

    private static ServingTask revision(Task task, long revision) {
        var serving = task.serving(State.READY);
        return new ServingTask(serving.id(), serving.host(), serving.ports(), serving.state(), revision);
    }

    private static TaskSnapshot trunk(UUID id, Task task) {
        return withPorts(snapshot(id, "trunk", 1, task.serving(State.READY, "sip")), SIP);
    }

    @Test
    void anotherAgentTakesOverWithoutBreakingAnything() throws IOException {
        var id = newInstanceId();
        try (var one = new Task("one");
                var two = new Task("two")) {
            var addresses = inForce(carry(snapshot(id, "desk", 1, one.serving(State.READY))));
            var running = begin(addresses.getFirst(), "/slow");
            one.awaitSlowRequest();
            var master = pid();

            var successor = balancer(10);
            var upstream = routing.upstream(
                    snapshot(id, "desk", 2, one.serving(State.DRAINING), two.serving(State.READY)), upstream(id));
            assertThat(successor.audit(List.of(upstream)).get(id)).isInstanceOf(Outcome.InForce.class);

            assertThat(pid()).isEqualTo(master);
            assertThat(answers(addresses)).containsExactly("two");
            one.finishSlowRequest();
            assertThat(running.join().body()).isEqualTo("one");
            carry(snapshot(id, "desk", 3, two.serving(State.READY)));
            balancer().audit(carried());
        }
    }

    @Test
    void moreInstancesThanBackendsMakeItGrowWithoutBreakingAnything() {
        try (var task = new Task("one")) {
            List<Address> all = new ArrayList<>();
            var first = inForce(carry(snapshot(newInstanceId(), "desk", 1, task.serving(State.READY))));
            var running = begin(first.getFirst(), "/slow");
            task.awaitSlowRequest();

            for (int each = 0; each < 12; each++) {
                all.addAll(inForce(carry(snapshot(newInstanceId(), "desk-" + each, 1, task.serving(State.READY)))));
            }

            assertThat(all)
                    .allSatisfy(address -> assertThat(answer(address, "/")).isEqualTo("one"));
            assertThat(METERS.counter("access.reloads").count()).isPositive();
            task.finishSlowRequest();
            assertThat(running.join().body()).isEqualTo("one");
        }
    }

    @Test
    void aHeldConnectionOutlivesDrainingAReloadAndTheEndOfItsRoute() throws Exception {
        try (var echo = new Echo();
                var task = new Task("one")) {
            var id = newInstanceId();
            var address = inForce(carry(withPorts(snapshot(id, "trunk", 1, echo.serving(State.READY)), SIP)))
                    .getFirst();
            try (var held = new Socket("127.0.0.1", URI.create(address.url()).getPort())) {
                held.setSoTimeout(60_000);
                assertThat(Echo.answers(held)).isTrue();

                inForce(carry(withPorts(snapshot(id, "trunk", 2, echo.serving(State.DRAINING)), SIP)));
                assertThat(Echo.answers(held)).isTrue();

                double before = METERS.counter("access.reloads").count();
                for (int each = 0; each < 7; each++) {
                    carry(withPorts(
                            snapshot(newInstanceId(), "trunk-" + each, 1, task.serving(State.READY, "sip")), SIP));
                }
                assertThat(METERS.counter("access.reloads").count()).isGreaterThan(before);
                assertThat(Echo.answers(held)).isTrue();

                carry(removed(id, "trunk", 3));
                assertThat(Echo.answers(held)).isTrue();
            }
        }
    }

    @Test
    void fiftyChangesUnderASteadyStreamFailNoRequest() throws Exception {
        var id = newInstanceId();
        var stop = new AtomicBoolean();
        var failures = new ArrayList<String>();
        var requests = new AtomicInteger();
        try (var steady = new Task("steady")) {
            var address = inForce(carry(snapshot(id, "desk", 1, steady.serving(State.READY))))
                    .getFirst();
            var streams = new ArrayList<Thread>();
            for (int stream = 0; stream < 4; stream++) {
                streams.add(Thread.ofVirtual().start(() -> {
                    while (!stop.get()) {
                        try {
                            var answer = begin(address, "/").join();
                            requests.incrementAndGet();
                            if (answer.statusCode() != 200) {
                                synchronized (failures) {
                                    failures.add(answer.statusCode() + " " + answer.body());
                                }
                            }
                        } catch (RuntimeException e) {
                            synchronized (failures) {
                                failures.add(e.toString());
                            }
                        }
                    }
                }));
            }

            long sequence = 2;
            for (int change = 0; change < 50; change++) {
                try (var guest = new Task("guest-" + change)) {
                    inForce(carry(
                            snapshot(id, "desk", sequence++, steady.serving(State.READY), guest.serving(State.READY))));
                    await().pollInterval(Duration.ofMillis(2)).until(() -> guest.requests() > 0);
                    inForce(carry(snapshot(
                            id, "desk", sequence++, steady.serving(State.READY), guest.serving(State.DRAINING))));
                    int seen = requests.get();
                    await().pollInterval(Duration.ofMillis(2)).until(() -> requests.get() > seen + 8);
                    inForce(carry(snapshot(id, "desk", sequence++, steady.serving(State.READY))));
                }
            }
            stop.set(true);
            for (Thread stream : streams) {
                stream.join();
            }

            assertThat(failures).isEmpty();
            assertThat(requests.get()).isGreaterThan(500);
        }
    }

    private static long pid() throws IOException {
        return Long.parseLong(Files.readString(directory.resolve("haproxy.pid")).strip());
    }

    private static void kill() throws IOException {
        var master = ProcessHandle.of(pid()).orElseThrow();
        var all = new ArrayList<>(master.descendants().toList());
        all.add(master);
        all.forEach(ProcessHandle::destroyForcibly);
        await().until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }
}
