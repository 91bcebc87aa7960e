package io.switchboard.access.balancer.haproxy;

import static io.switchboard.access.testing.Examples.HTTP;
import static io.switchboard.access.testing.Examples.SIP;
import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.snapshot;
import static io.switchboard.access.testing.Examples.withPorts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.balancer.Balancer.Outcome;
import io.switchboard.access.route.Network;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.Policy.Limits;
import io.switchboard.access.route.Policy.Rules;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.OwnHaproxy;
import io.switchboard.access.testing.Programs;
import io.switchboard.access.testing.Routing;
import io.switchboard.access.testing.Task;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What a policy makes of callers, through a real HAProxy that is never reloaded for it. */
class TreatmentTests {

    private static final int HTTP_PORT = FreePorts.next();
    private static final String PROXY = "127.0.0.9";
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

    @TempDir
    static Path directory;

    private static @Nullable HaproxyBalancer running;
    private static @Nullable Routing routing;

    private final Map<UUID, Upstream> upstreams = new LinkedHashMap<>();
    private final HttpClient http = client("127.0.0.1");

    @BeforeAll
    static void start() {
        int first = FreePorts.next(5);
        var ports = new PortRange(first, first + 4);
        routing = new Routing(HTTP_PORT, ports);
        running = new HaproxyBalancer(
                OwnHaproxy.properties(
                        directory,
                        HTTP_PORT,
                        Map.of("http-backends", 10, "tcp-backends", 5, "weighted-backends", 5, "proxies-from", PROXY)),
                new HaproxyProgram(Programs.haproxy()),
                routing.addressing(),
                ports,
                Clock.systemUTC(),
                METERS);
        running.audit(List.of());
    }

    @AfterAll
    static void stop() {
        balancer().close();
    }

    @AfterEach
    void endEverything() {
        balancer().audit(List.of());
        assertThat(METERS.counter("access.reloads").count()).isZero();
    }

    private static HaproxyBalancer balancer() {
        var balancer = running;
        if (balancer == null) {
            throw new IllegalStateException("not started");
        }
        return balancer;
    }

    // --- shares

    @Test
    void aTenthOfNewRequestsGoesToTheNewRevision() {
        var id = newInstanceId();
        try (var one = new Task("one");
                var two = new Task("two");
                var three = new Task("three");
                var fresh = new Task("fresh")) {
            carry(id, shares(4, 10), revision(one, 3), revision(two, 3), revision(three, 3), revision(fresh, 4));

            var answers = answers(200);

            assertThat(answers.get("fresh")).isBetween(19L, 21L);
            assertThat(answers.get("one")).isBetween(58L, 62L);
            assertThat(answers.get("two")).isBetween(58L, 62L);
        }
    }

    @Test
    void sharesChangeUnderRunningRequestsAndEndWithTheEarlierRevision() {
        var id = newInstanceId();
        try (var old = new Task("old");
                var fresh = new Task("fresh")) {
            carry(id, Policy.NONE, revision(old, 3));
            var running = http.sendAsync(get("/slow"), HttpResponse.BodyHandlers.ofString());
            old.awaitSlowRequest();

            carry(id, shares(4, 0), revision(old, 3), revision(fresh, 4));
            assertThat(answers(20)).isEqualTo(Map.of("old", 20L));
            carry(id, shares(4, 50), revision(old, 3), revision(fresh, 4));
            assertThat(answers(20).get("fresh")).isBetween(9L, 11L);
            carry(id, shares(4, 100), revision(old, 3), revision(fresh, 4));
            assertThat(answers(20)).isEqualTo(Map.of("fresh", 20L));
            carry(id, shares(4, 10), revision(fresh, 4));
            assertThat(answers(20)).isEqualTo(Map.of("fresh", 20L));

            old.finishSlowRequest();
            assertThat(running.join().body()).isEqualTo("old");
        }
    }

    @Test
    void whatIsPutDownHasTheSameShares() throws IOException {
        try (var old = new Task("old");
                var fresh = new Task("fresh")) {
            carry(newInstanceId(), shares(4, 25), revision(old, 3), revision(fresh, 4));
            balancer().save();

            assertThat(Files.readString(directory.resolve("haproxy.cfg")))
                    .contains("127.0.0.1:" + old.port() + " weight 3\n", "server s2 127.0.0.1:" + fresh.port() + "\n");
        }
    }

    // --- stickiness

    @Test
    void whoHasTheCookieComesBackUntilTheTaskDrains() throws IOException {
        var id = newInstanceId();
        var policy = rules(new Rules(true, 0, Limits.NONE, List.of()));
        try (var one = new Task("one");
                var two = new Task("two");
                var three = new Task("three")) {
            carry(id, policy, one.serving(State.READY), two.serving(State.READY));
            var first = send(http, get("/"));
            var cookie = cookie(first).orElseThrow();
            assertThat(first.headers().firstValue("Set-Cookie"))
                    .hasValueSatisfying(set ->
                            assertThat(set).matches("switchboard-task-[0-9a-f]{16}=[0-9a-f]{16}; Path=/; HttpOnly"));

            // More tasks, and another HAProxy that was started from the files.
            carry(id, policy, one.serving(State.READY), two.serving(State.READY), three.serving(State.READY));
            balancer().save();
            restart();
            for (int each = 0; each < 9; each++) {
                var again = send(http, get("/", "Cookie", "a=b; " + cookie));
                assertThat(again.body()).isEqualTo(first.body());
                assertThat(cookie(again)).isEmpty();
            }

            carry(
                    id,
                    policy,
                    one.serving(first.body().equals("one") ? State.DRAINING : State.READY),
                    two.serving(first.body().equals("two") ? State.DRAINING : State.READY),
                    three.serving(State.READY));
            var moved = send(http, get("/", "Cookie", cookie));
            assertThat(moved.body()).isNotEqualTo(first.body());
            assertThat(cookie(moved)).isPresent().isNotEqualTo(Optional.of(cookie));
        }
    }

    @Test
    void aCookieThatNobodyIssuedIsOnlyReplaced() {
        var id = newInstanceId();
        try (var one = new Task("one")) {
            carry(id, rules(new Rules(true, 0, Limits.NONE, List.of())), one.serving(State.READY));

            var name = cookie(send(http, get("/"))).orElseThrow().split("=")[0];
            for (var forged : List.of("", "s1", "/s1", "%[env(HOME)]", "0".repeat(16), "x".repeat(4_000))) {
                var answer = send(http, get("/", "Cookie", name + "=" + forged));
                assertThat(answer.body()).isEqualTo("one");
                assertThat(cookie(answer)).isPresent();
            }
        }
    }

    @Test
    void aStickyTaskThatDiedIsPassedOver() {
        var id = newInstanceId();
        try (var one = new Task("one");
                var two = new Task("two")) {
            carry(
                    id,
                    rules(new Rules(true, 0, Limits.NONE, List.of())),
                    one.serving(State.READY),
                    two.serving(State.READY));
            var first = send(http, get("/"));
            (first.body().equals("one") ? one : two).close();

            var next = send(http, get("/", "Cookie", cookie(first).orElseThrow()));

            assertThat(next.statusCode()).isEqualTo(200);
            assertThat(next.body()).isNotEqualTo(first.body());
        }
    }

    @Test
    void aTunnelMayBeSilentAsLongAsItsRouteSays() throws IOException {
        try (var listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            carry(
                    newInstanceId(),
                    rules(new Rules(false, 1, Limits.NONE, List.of())),
                    new ServingTask("ws", "127.0.0.1", Map.of("http", listening.getLocalPort()), State.READY));
            try (var caller = new Socket("127.0.0.1", HTTP_PORT)) {
                caller.setSoTimeout(60_000);
                write(
                        caller,
                        "GET / HTTP/1.1\r\nHost: desk.acme.switchboard.localhost\r\nConnection: Upgrade\r\n"
                                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
                try (var task = listening.accept()) {
                    read(task);
                    long began = System.nanoTime();
                    write(
                            task,
                            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
                    assertThat(read(caller)).contains("101");

                    assertThat(caller.getInputStream().read()).isNegative();

                    // Not at once; how much later than that it is seen says something of the machine only.
                    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(800));
                }
            }
        }
    }

    // --- limits and lists

    @Test
    void whatIsMoreThanTheRateIsToldToWaitAndOnlyThere() {
        try (var one = new Task("one");
                var two = new Task("two")) {
            carry(newInstanceId(), rules(limited(new Limits(0, 5, 0, 0))), one.serving(State.READY));
            carry("sales", newInstanceId(), Policy.NONE, two.serving(State.READY));

            var answers = untilRefused();

            assertThat(answers).hasSizeGreaterThan(5);
            var refused = answers.getLast();
            problem(refused, 429, "LIMIT_REACHED", "BUSY");
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("2");
            assertThat(one.requests()).isEqualTo(answers.size() - 1);
            assertThat(IntStream.range(0, 20)
                            .mapToObj(each -> send(http, to("sales", "/")).statusCode()))
                    .containsOnly(200);
            // What was refused doesn't count: who waits is let in, and so is who doesn't, now and then.
            await().until(() -> send(http, get("/")).statusCode() == 200);
        }
    }

    /** However many a slow machine gets through before there are enough within a second. */
    private List<HttpResponse<String>> untilRefused() {
        List<HttpResponse<String>> answers = new ArrayList<>();
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
            answers.add(send(http, get("/")));
            return answers.getLast().statusCode() != 200;
        });
        return answers;
    }

    @Test
    void oneSourceDoesNotTakeWhatIsLeftToOthers() {
        try (var one = new Task("one")) {
            carry(newInstanceId(), rules(limited(new Limits(0, 0, 0, 3))), one.serving(State.READY));

            var mine = untilRefused();

            assertThat(mine).hasSizeGreaterThan(3);
            assertThat(mine.getLast().statusCode()).isEqualTo(429);
            assertThat(send(client("127.0.0.2"), get("/")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void requestsAtOnceAreLimitedAndThoseThatEndedAreForgotten() {
        try (var one = new Task("one")) {
            carry(newInstanceId(), rules(limited(new Limits(1, 0, 0, 0))), one.serving(State.READY));
            var running = http.sendAsync(get("/slow"), HttpResponse.BodyHandlers.ofString());
            one.awaitSlowRequest();

            problem(send(http, get("/")), 429, "LIMIT_REACHED", "BUSY");

            one.finishSlowRequest();
            assertThat(running.join().statusCode()).isEqualTo(200);
            await().until(() -> send(http, get("/")).statusCode() == 200);
        }
    }

    @Test
    void aLimitIsLiftedAtOnce() {
        var id = newInstanceId();
        try (var one = new Task("one")) {
            carry(id, rules(limited(new Limits(0, 1, 0, 0))), one.serving(State.READY));
            assertThat(untilRefused().getLast().statusCode()).isEqualTo(429);

            carry(id, Policy.NONE, one.serving(State.READY));

            assertThat(statuses(10)).containsOnly(200);
        }
    }

    @Test
    void onlyListedNetworksMayCall() {
        var id = newInstanceId();
        try (var one = new Task("one")) {
            var stranger = client("127.0.0.1");
            var friend = client("127.0.3.7");
            carry(id, allowing("127.0.2.0/23", "fd00::/8"), one.serving(State.READY));

            problem(send(stranger, get("/")), 403, "CALLER_NOT_ALLOWED", "CALLER");
            assertThat(send(friend, get("/")).statusCode()).isEqualTo(200);
            // Whatever a stranger says of himself.
            assertThat(send(stranger, get("/", "X-Forwarded-For", "127.0.3.7")).statusCode())
                    .isEqualTo(403);

            carry(id, allowing("127.0.0.1"), one.serving(State.READY));
            assertThat(send(stranger, get("/")).statusCode()).isEqualTo(200);
            assertThat(send(friend, get("/")).statusCode()).isEqualTo(403);
            assertThat(one.requests()).isEqualTo(2);
        }
    }

    @Test
    void tcpIsRefusedByClosing() throws IOException {
        var id = newInstanceId();
        try (var one = new Task("one")) {
            var upstream = upstream(
                    "trunk",
                    id,
                    new Policy(List.of(), Map.of("sip", limited(new Limits(1, 0, 0, 0)))),
                    one.serving(State.READY, "http", "sip"));
            int port = upstream.routes().stream()
                    .filter(Route.Port.class::isInstance)
                    .map(route -> ((Route.Port) route).number())
                    .findFirst()
                    .orElseThrow();
            carry(upstream);
            try (var held = new Socket("127.0.0.1", port)) {
                write(held, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(read(held)).contains("200");

                try (var second = new Socket("127.0.0.1", port)) {
                    second.setSoTimeout(60_000);
                    assertThat(closed(second)).isTrue();
                }
            }
        }
    }

    @Test
    void manyPoliciesLeaveNothingBehind() {
        try (var one = new Task("one")) {
            for (int each = 0; each < 20; each++) {
                var id = newInstanceId();
                carry(
                        id,
                        new Policy(
                                List.of(new Policy.Share(2, 1 + each)),
                                Map.of(
                                        "http",
                                        new Rules(
                                                true,
                                                each,
                                                new Limits(each, 0, 0, 0),
                                                List.of(new Network("127.0.0.0/9"))))),
                        revision(one, 1));
                assertThat(statuses(1)).contains(200);
                upstreams.remove(id);
                balancer().carry(upstreams.values());
            }

            try (var api = new RuntimeApi(Duration.ofSeconds(60))) {
                Maps.files(directory)
                        .forEach(map -> assertThat(
                                        RuntimeApi.map(api.send(directory.resolve("admin.sock"), "show map " + map)))
                                .as(map.toString())
                                .isEmpty());
            }
        }
    }

    // --- who calls

    @Test
    void whatAStrangerSaysOfWhereHeComesFromIsDropped() {
        try (var one = new Task("one")) {
            carry(newInstanceId(), Policy.NONE, one.serving(State.READY));

            var seen = send(http, get("/", "X-Forwarded-For", "203.0.113.7", "x-forwarded-for", "203.0.113.8"))
                    .headers();

            assertThat(seen.allValues("X-Seen-Forwarded-For")).containsExactly("127.0.0.1");
        }
    }

    @Test
    void aTrustedProxySaysWhomItSpeaksForAndNobodyElseCan() throws IOException {
        try (var one = new Task("one")) {
            carry(newInstanceId(), allowing("203.0.113.0/24"), one.serving(State.READY));
            var request = "PROXY TCP4 203.0.113.7 127.0.0.1 4711 80\r\n"
                    + "GET / HTTP/1.1\r\nHost: desk.acme.switchboard.localhost\r\nConnection: close\r\n\r\n";

            try (var proxy =
                            new Socket(InetAddress.getByName("127.0.0.1"), HTTP_PORT, InetAddress.getByName(PROXY), 0);
                    var stranger = new Socket("127.0.0.1", HTTP_PORT)) {
                write(proxy, request);
                write(stranger, request);

                assertThat(read(proxy)).contains("200", "x-seen-forwarded-for: 203.0.113.7");
                assertThat(read(stranger)).contains("400");
            }
        }
    }

    /** PROXY protocol, version 2: https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt, section 2.2. */
    @Test
    void aTcpTaskIsToldWhoCallsOnceItsPolicySaysSoAndHeldConnectionsStay() throws IOException {
        var id = newInstanceId();
        try (var listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            listener.setSoTimeout(60_000);
            var task = new ServingTask("one", "127.0.0.1", Map.of("sip", listener.getLocalPort()), State.READY);
            carry("proxied", id, Policy.NONE, task);
            int port = publicPort(id);
            try (var before = new Socket("127.0.0.1", port);
                    var plain = listener.accept()) {
                write(before, "INVITE");
                assertThat(plain.getInputStream().readNBytes(6))
                        .asString(StandardCharsets.US_ASCII)
                        .isEqualTo("INVITE");

                var told = new Policy(List.of(), Map.of("sip", new Rules(false, 0, Limits.NONE, List.of(), "", true)));
                carry("proxied", id, told, task);

                try (var caller = new Socket(
                                InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName("127.0.4.7"), 0);
                        var here = listener.accept()) {
                    here.setSoTimeout(60_000);
                    write(caller, "INVITE");
                    var header = ByteBuffer.wrap(here.getInputStream().readNBytes(28));
                    assertThat(header.getLong()).isEqualTo(0x0D0A0D0A000D0A51L);
                    assertThat(header.getInt()).isEqualTo(0x5549540A);
                    assertThat(header.getInt())
                            .as("version 2, PROXY, TCP over IPv4, 12 bytes")
                            .isEqualTo(0x2111000C);
                    assertThat(header.getInt()).as("127.0.4.7").isEqualTo(0x7F000407);
                    assertThat(header.getInt()).as("127.0.0.1").isEqualTo(0x7F000001);
                    assertThat(Short.toUnsignedInt(header.getShort())).isEqualTo(caller.getLocalPort());
                    assertThat(Short.toUnsignedInt(header.getShort())).isEqualTo(port);
                    assertThat(here.getInputStream().readNBytes(6))
                            .asString(StandardCharsets.US_ASCII)
                            .isEqualTo("INVITE");
                }
                // What was there is spoken to as before.
                write(before, "ACK");
                assertThat(plain.getInputStream().readNBytes(3))
                        .asString(StandardCharsets.US_ASCII)
                        .isEqualTo("ACK");
            }
            // There and back again, any number of times, nothing grows.
            for (int times = 0; times < 3; times++) {
                carry("proxied", id, Policy.NONE, task);
                try (var caller = new Socket("127.0.0.1", port);
                        var here = listener.accept()) {
                    write(caller, "BYE");
                    assertThat(here.getInputStream().readNBytes(3))
                            .asString(StandardCharsets.US_ASCII)
                            .isEqualTo("BYE");
                }
                carry(
                        "proxied",
                        id,
                        new Policy(List.of(), Map.of("sip", new Rules(false, 0, Limits.NONE, List.of(), "", true))),
                        task);
            }
            try (var api = new RuntimeApi(Duration.ofSeconds(60))) {
                assertThat(
                                RuntimeApi.servers(api.send(directory.resolve("admin.sock"), "show servers state"))
                                        .values()
                                        .stream()
                                        .flatMap(servers -> servers.entrySet().stream())
                                        .filter(server -> server.getValue().port() == listener.getLocalPort())
                                        .map(Map.Entry::getKey))
                        .containsExactlyInAnyOrder("s1", "p1");
            }
        }
    }

    private int publicPort(UUID id) {
        return Objects.requireNonNull(upstreams.get(id)).routes().stream()
                .filter(Route.Port.class::isInstance)
                .map(route -> ((Route.Port) route).number())
                .findFirst()
                .orElseThrow();
    }

    // --- what all of these do

    private void carry(UUID id, Policy policy, ServingTask... tasks) {
        carry("desk", id, policy, tasks);
    }

    private void carry(String name, UUID id, Policy policy, ServingTask... tasks) {
        carry(upstream(name, id, policy, tasks));
    }

    private void carry(Upstream upstream) {
        upstreams.put(upstream.instanceId(), upstream);
        assertThat(balancer().carry(upstreams.values()).get(upstream.instanceId()))
                .isInstanceOf(Outcome.InForce.class);
    }

    private Upstream upstream(String name, UUID id, Policy policy, ServingTask... tasks) {
        var before = Optional.ofNullable(upstreams.get(id));
        var snapshot = snapshot(id, name, before.map(Upstream::sequence).orElse(0L) + 1, tasks);
        boolean tcp = Arrays.stream(tasks).anyMatch(task -> task.ports().containsKey("sip"));
        var known = routing;
        if (known == null) {
            throw new IllegalStateException("not started");
        }
        return known.upstream(tcp ? withPorts(snapshot, HTTP, SIP) : snapshot, before)
                .under(policy, Instant.EPOCH);
    }

    private static ServingTask revision(Task task, long revision) {
        var serving = task.serving(State.READY);
        return new ServingTask(serving.id(), serving.host(), serving.ports(), serving.state(), revision);
    }

    private static Policy shares(long revision, int percent) {
        return new Policy(List.of(new Policy.Share(revision, percent)), Map.of());
    }

    private static Policy rules(Rules rules) {
        return new Policy(List.of(), Map.of("http", rules));
    }

    private static Rules limited(Limits limits) {
        return new Rules(false, 0, limits, List.of());
    }

    private static Policy allowing(String... networks) {
        return rules(new Rules(
                false, 0, Limits.NONE, Arrays.stream(networks).map(Network::new).toList()));
    }

    private static HttpClient client(String from) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .localAddress(new InetSocketAddress(from, 0).getAddress())
                .build();
    }

    private static HttpRequest get(String path, String... headers) {
        return to("desk", path, headers);
    }

    private static HttpRequest to(String name, String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + HTTP_PORT + path))
                .header("Host", name + ".acme.switchboard.localhost")
                .timeout(Duration.ofSeconds(60));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest request) {
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
    }

    private Map<String, Long> answers(int requests) {
        return IntStream.range(0, requests)
                .mapToObj(each -> send(http, get("/")).body())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private List<Integer> statuses(int requests) {
        return IntStream.range(0, requests)
                .mapToObj(each -> send(http, get("/")).statusCode())
                .toList();
    }

    private static Optional<String> cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").map(set -> set.split(";")[0]);
    }

    private static void problem(HttpResponse<String> answer, int status, String code, String fault) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        var problem = JsonMapper.shared().readTree(answer.body());
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(problem.path("fault").asString()).isEqualTo(fault);
        assertThat(problem.path("remedy").asString()).isNotEmpty();
        assertThat(answer.headers().firstValue("X-Request-Id"))
                .hasValue(problem.path("requestId").asString());
    }

    private void restart() throws IOException {
        var master = ProcessHandle.of(Long.parseLong(
                        Files.readString(directory.resolve("haproxy.pid")).strip()))
                .orElseThrow();
        var all = new ArrayList<>(master.descendants().toList());
        all.add(master);
        CompletableFuture.allOf(all.stream()
                        .peek(ProcessHandle::destroyForcibly)
                        .map(ProcessHandle::onExit)
                        .toArray(CompletableFuture[]::new))
                .join();
        balancer().audit(upstreams.values());
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /** Up to the empty line after the headers. */
    private static String read(Socket socket) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        var text = new StringBuilder();
        for (var line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            text.append(line).append('\n');
        }
        return text.toString();
    }

    private static boolean closed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }
}
