package io.switchboard.access.balancer.haproxy;

import static io.switchboard.access.testing.Examples.newInstanceId;
import static io.switchboard.access.testing.Examples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.access.balancer.Balancer.Outcome;
import io.switchboard.access.route.Network;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.Policy.Limits;
import io.switchboard.access.route.Policy.Rules;
import io.switchboard.access.route.PortRange;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.testing.OwnHaproxy;
import io.switchboard.access.testing.Programs;
import io.switchboard.access.testing.Routing;
import io.switchboard.access.testing.Task;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.contracts.scheduling.TaskSnapshot.State;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several instances at one host, told apart by paths, through a real HAProxy that is never reloaded for it. */
class PathTests {

    private static final int HTTP_PORT = FreePorts.next();
    private static final String HOST = "calls.example";
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    private static final Pattern COOKIE =
            Pattern.compile("(?i)set-cookie: (switchboard-task-[0-9a-f]{16}=[0-9a-f]{16});");

    @TempDir
    static Path directory;

    private static HaproxyBalancer balancer;
    private static Routing routing;

    private final Map<UUID, Upstream> upstreams = new LinkedHashMap<>();

    @BeforeAll
    static void start() {
        int first = FreePorts.next(1);
        var ports = new PortRange(first, first);
        routing = new Routing(HTTP_PORT, ports);
        balancer = new HaproxyBalancer(
                OwnHaproxy.properties(
                        directory,
                        HTTP_PORT,
                        Map.of("http-backends", 30, "tcp-backends", 2, "weighted-backends", 10, "timeout", "5s")),
                new HaproxyProgram(Programs.haproxy()),
                routing.addressing(),
                ports,
                Clock.systemUTC(),
                METERS);
        balancer.audit(List.of());
    }

    @AfterAll
    static void stop() {
        balancer.close();
    }

    @AfterEach
    void endEverything() {
        assertThat(balancer.auditDue(upstreams.values())).isFalse();
        balancer.audit(List.of());
        assertThat(METERS.counter("access.reloads").count()).isZero();
    }

    @Test
    void theLongestPathOfWholeSegmentsWins() throws IOException {
        try (var desk = new Task("desk");
                var chat = new Task("chat");
                var deep = new Task("deep")) {
            carry("desk", "/", Policy.NONE, desk.serving(State.READY));
            assertThat(answers("/chat", "/chat/deep/x")).containsOnly("desk");

            carry("chat", "/chat", Policy.NONE, chat.serving(State.READY));
            var inner = carry("deep", "/chat/deep", Policy.NONE, deep.serving(State.READY));

            assertThat(answers("/", "/chatter", "/cha", "/x/chat", "/CHAT", "/?/chat"))
                    .containsOnly("desk");
            assertThat(answers("/chat", "/chat/", "/chat?x=/", "/chat/x/y", "/chat/deeper"))
                    .containsOnly("chat");
            assertThat(answers("/chat/deep", "/chat/deep/", "/chat/deep/x")).containsOnly("deep");
            assertThat(ask("/chat", "CALLS.example:8000", "").body()).isEqualTo("chat");
            assertThat(ask("/chat", "desk.acme.switchboard.localhost", "").body())
                    .isEqualTo("desk");
            assertThat(ask("/chat", "other.example", "").status()).isEqualTo(404);

            balancer.save();
            assertThat(Files.readString(directory.resolve("path.map")).lines())
                    .extracting(line -> line.split(" ")[0])
                    .containsExactly(HOST + "/chat/", HOST + "/chat/deep/");

            upstreams.remove(inner);
            balancer.carry(upstreams.values());
            assertThat(answers("/chat/deep", "/chat/deep/x")).containsOnly("chat");
        }
    }

    @Test
    void aHostWithoutAnythingButPathsHasNothingElse() throws IOException {
        try (var chat = new Task("chat")) {
            carry("chat", "/chat", Policy.NONE, chat.serving(State.READY));

            assertThat(ask("/chat/x").body()).isEqualTo("chat");
            assertThat(ask("/").body()).contains("\"code\":\"NO_ROUTE\"");
            assertThat(ask("/switchboard/drain").body()).contains("\"code\":\"NO_ROUTE\"");
        }
    }

    @Test
    void aHostThatIsNoNameHasNoRoute() throws IOException {
        try (var desk = new Task("desk");
                var chat = new Task("chat")) {
            carry("desk", "/", Policy.NONE, desk.serving(State.READY));
            carry("chat", "/chat", Policy.NONE, chat.serving(State.READY));

            for (var host : List.of(HOST + "/chat", HOST + "/chat/", HOST + "..", "." + HOST, "x," + HOST, "[::1]")) {
                assertThat(ask("/", host, "").status()).as(host).isIn(400, 404);
                assertThat(ask("/chat", host, "").status()).as(host).isIn(400, 404);
            }
            assertThat(desk.requests() + chat.requests()).isZero();
            assertThat(ask("/chat", HOST + ".:8000", "").body()).isEqualTo("chat");
            assertThat(ask("/", HOST + ".", "").body()).isEqualTo("desk");
        }
    }

    /** Each is another route's to some server that decodes, drops parameters or takes steps up. */
    @Test
    void noWayToWriteAPathGetsPastItsRoute() throws IOException {
        try (var desk = new Task("desk");
                var chat = new Task("chat")) {
            carry("desk", "/", Policy.NONE, desk.serving(State.READY));
            carry("chat", "/chat", allowing("203.0.113.0/24"), chat.serving(State.READY));
            assertThat(ask("/chat").status()).isEqualTo(403);

            for (var path : List.of(
                    "//chat",
                    "/./chat",
                    "/../chat",
                    "/x/../chat",
                    "/x/y/../../chat",
                    "/a/b/c/d/e/f/../../../../../../chat",
                    "/a/b/c/d/e/f/g/h/i/j/../../../../../../../../../../chat",
                    "/%63hat",
                    "/%63%68%61%74/x",
                    "/%2e/chat",
                    "/x/%2e%2e/chat",
                    "/x/%2E./%63hat",
                    "/x%2f..%2fchat",
                    "/chat;a=b/x",
                    "/;x/chat",
                    "/;../chat",
                    "/x;%2f/../chat",
                    "/x;%2f../chat",
                    "/x\\..\\chat",
                    "/x%5c..%5cchat",
                    "/chat%2fx",
                    "/chat%3bx/y",
                    "/z/../chat//../x",
                    "/z/../chat/%2f../x",
                    "/%252e%252e/../chat")) {
                var answer = ask(path);
                assertThat(answer.status()).as(path).isEqualTo(400);
                assertThat(answer.body()).as(path).contains("\"code\":\"PATH_AMBIGUOUS\"");
            }
            for (var path : List.of("/chat/..", "/chat/../admin", "/chat/%2e%2e/admin", "/chat/x/../../admin")) {
                assertThat(ask(path).status()).as(path).isEqualTo(400);
            }
            assertThat(chat.requests()).isZero();
            assertThat(desk.requests()).isZero();

            assertThat(ask("http://" + HOST + "/chat").status()).isEqualTo(403);
            for (var path :
                    List.of("/.hidden/x", "/x%20y", "/a//b", "/a/../b", "/a;b=c", "/chat.", "/..chat", "/%2563hat")) {
                assertThat(ask(path).body()).as(path).isEqualTo("desk");
            }
        }
    }

    /** Whatever steps are combined, some server takes the result for a path below {@code /chat}. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noCombinationOfWaysToWriteAPathDoesEither(long seed) throws IOException {
        var random = new Random(seed);
        try (var desk = new Task("desk");
                var chat = new Task("chat")) {
            carry("desk", "/", Policy.NONE, desk.serving(State.READY));
            carry("chat", "/chat", allowing("203.0.113.0/24"), chat.serving(State.READY));

            for (int times = 0; times < 60; times++) {
                var path = "/chat/x";
                for (int steps = 1 + random.nextInt(5); steps > 0; steps--) {
                    path = otherwise(path, random);
                }
                assertThat(ask(path).body()).as(path).containsAnyOf("PATH_AMBIGUOUS", "CALLER_NOT_ALLOWED");
            }
            assertThat(desk.requests() + chat.requests()).isZero();
        }
    }

    /** The same path to some server. */
    private static String otherwise(String path, Random random) {
        int slash = random.nextBoolean() ? 0 : path.lastIndexOf('/');
        var before = path.substring(0, slash);
        var after = path.substring(slash);
        return switch (random.nextInt(8)) {
            case 0 -> before + "/" + after;
            case 1 -> before + "/." + after;
            case 2 -> before + "/y/.." + after;
            case 3 -> before + "/%2e%2E/" + path.substring(1);
            case 4 -> (before.isEmpty() ? "/" : before) + ";a=b" + after;
            case 5 -> before + "/y;c/..;d" + after;
            case 6 -> before + "/y%2f.." + after;
            default -> path.replaceFirst("c", "%63");
        };
    }

    @Test
    void aHostWithoutPathsTakesEveryWayToWriteThem() throws IOException {
        try (var desk = new Task("desk")) {
            carry("desk", "/", Policy.NONE, desk.serving(State.READY));

            assertThat(answers("/x//chat", "/x/../chat", "/%63hat", "/chat;a=b/x", "/x%2f..%2fchat"))
                    .containsOnly("desk");
        }
    }

    @Test
    void whoComesBackToOneKeepsTheCookieOfTheOther() throws IOException {
        var sticky = rules(new Rules(true, 0, Limits.NONE, List.of()));
        try (var desk = new Task("desk");
                var otherDesk = new Task("other-desk");
                var chat = new Task("chat");
                var otherChat = new Task("other-chat")) {
            carry("desk", "/", sticky, desk.serving(State.READY), otherDesk.serving(State.READY));
            carry("chat", "/chat", sticky, chat.serving(State.READY), otherChat.serving(State.READY));

            var atDesk = ask("/");
            var inChat = ask("/chat");
            var cookies = List.of(atDesk.cookie().orElseThrow(), inChat.cookie().orElseThrow());
            assertThat(cookies).extracting(cookie -> cookie.split("=")[0]).doesNotHaveDuplicates();
            for (var header : List.of(String.join("; ", cookies), String.join("; ", cookies.reversed()))) {
                for (int each = 0; each < 4; each++) {
                    var again = ask("/", HOST, header);
                    assertThat(again.body()).isEqualTo(atDesk.body());
                    assertThat(again.cookie()).isEmpty();
                    assertThat(ask("/chat/x", HOST, header).body()).isEqualTo(inChat.body());
                }
            }
            assertThat(ask("/chat", HOST, cookies.getFirst()).cookie()).isPresent();
        }
    }

    @Test
    void sharesAndLimitsAreAPathsOwn() throws Exception {
        try (var desk = new Task("desk");
                var old = new Task("old");
                var fresh = new Task("fresh");
                var narrow = new Task("narrow")) {
            carry("desk", "/", Policy.NONE, desk.serving(State.READY));
            carry(
                    "chat",
                    "/chat",
                    new Policy(List.of(new Policy.Share(4, 25)), Map.of()),
                    revision(old, 3),
                    revision(fresh, 4));
            carry(
                    "narrow",
                    "/slow",
                    rules(new Rules(false, 0, new Limits(1, 0, 0, 0), List.of())),
                    narrow.serving(State.READY));

            List<String> served = new ArrayList<>();
            for (int each = 0; each < 20; each++) {
                served.add(ask("/chat").body());
            }
            assertThat(served.stream().filter("fresh"::equals).count()).isBetween(4L, 6L);

            try (var holding = open("/slow", HOST, "")) {
                narrow.awaitSlowRequest();
                assertThat(ask("/slow/x").status()).isEqualTo(429);
                assertThat(answers("/", "/x")).containsOnly("desk");
                narrow.finishSlowRequest();
                assertThat(read(holding).body()).isEqualTo("narrow");
            }
        }
    }

    @Test
    void aWebSocketIsOpenedByItsPath() throws IOException {
        try (var desk = new Task("desk");
                var listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            carry("desk", "/", Policy.NONE, desk.serving(State.READY));
            carry(
                    "chat",
                    "/chat",
                    Policy.NONE,
                    new ServingTask("ws", "127.0.0.1", Map.of("http", listening.getLocalPort()), State.READY));
            listening.setSoTimeout(20_000);

            try (var caller = open(
                            "/chat/ws",
                            HOST,
                            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
                    var task = listening.accept()) {
                task.setSoTimeout(20_000);
                assertThat(head(task)).startsWith("GET /chat/ws HTTP/1.1");
                write(
                        task,
                        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
                assertThat(head(caller)).contains("101");
                write(task, "ring");
                assertThat(caller.getInputStream().readNBytes(4)).asString().isEqualTo("ring");
            }
        }
    }

    private UUID carry(String name, String path, Policy policy, ServingTask... tasks) {
        var id = newInstanceId();
        var upstream = routing.named(
                routing.upstream(snapshot(id, name, 1, tasks), Optional.empty()).under(policy, Instant.EPOCH),
                HOST,
                path,
                "http");
        upstreams.put(id, upstream);
        assertThat(balancer.carry(upstreams.values()).get(id)).isInstanceOf(Outcome.InForce.class);
        return id;
    }

    private static ServingTask revision(Task task, long revision) {
        var serving = task.serving(State.READY);
        return new ServingTask(serving.id(), serving.host(), serving.ports(), serving.state(), revision);
    }

    private static Policy rules(Rules rules) {
        return new Policy(List.of(), Map.of("http", rules));
    }

    private static Policy allowing(String network) {
        return rules(new Rules(false, 0, Limits.NONE, List.of(new Network(network))));
    }

    private record Answer(int status, String head, String body) {

        Optional<String> cookie() {
            return COOKIE.matcher(head).results().map(found -> found.group(1)).findFirst();
        }
    }

    private static Collection<String> answers(String... paths) throws IOException {
        List<String> bodies = new ArrayList<>();
        for (String path : paths) {
            bodies.add(ask(path).body());
        }
        return bodies;
    }

    private static Answer ask(String path) throws IOException {
        return ask(path, HOST, "");
    }

    private static Answer ask(String path, String host, String cookie) throws IOException {
        try (var socket =
                open(path, host, (cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n") + "Connection: close\r\n")) {
            return read(socket);
        }
    }

    /** By hand: clients put paths right before they send them. */
    private static Socket open(String path, String host, String headers) throws IOException {
        var socket = new Socket("127.0.0.1", HTTP_PORT);
        socket.setSoTimeout(20_000);
        write(socket, "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n");
        return socket;
    }

    private static Answer read(Socket socket) throws IOException {
        var head = head(socket);
        var status = Integer.parseInt(head.split(" ")[1]);
        int length = head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElseThrow();
        return new Answer(status, head, new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String head(Socket socket) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("ended after '" + head + "'");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }
}
