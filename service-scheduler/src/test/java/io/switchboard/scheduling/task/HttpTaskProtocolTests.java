package io.switchboard.scheduling.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.sun.net.httpserver.HttpServer;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Revision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class HttpTaskProtocolTests {

    private static final TaskSecrets SECRETS = new TaskSecrets(new byte[32]);
    private static final Revision REVISION = revision(true);

    private final HttpTaskProtocol protocol = new HttpTaskProtocol(Duration.ofSeconds(2), SECRETS, new JsonMapper());
    private final AtomicInteger posts = new AtomicInteger();
    private final Set<String> shown = ConcurrentHashMap.newKeySet();
    private HttpServer server;
    private volatile int status = 202;
    private volatile String quality =
            "{\"requests\":7,\"failedRequests\":1,\"requestSeconds\":0.5,\"callSetups\":3,\"failedCallSetups\":0}";
    private volatile String progress = "{\"draining\":true,\"activeCalls\":3}";

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/switchboard/drain", exchange -> {
            boolean post = exchange.getRequestMethod().equals("POST");
            shown.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            if (post) {
                posts.incrementAndGet();
            }
            var body = post ? new byte[0] : progress.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(post ? status : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/switchboard/quality", exchange -> {
            var body = quality.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aTaskSaysHowManyCallsItStillHas() {
        assertThat(protocol.drain(REVISION, task("http"))).isEqualTo(new Drained.Busy(3));
        assertThat(posts).hasValue(1);
    }

    @Test
    void aTaskIsShownItsSecretWithEachQuestionAndOneThatHasNoneNothing() {
        protocol.drain(REVISION, task("http"));

        var secret = SECRETS.of(REVISION).orElseThrow();
        assertThat(secret).matches("[A-Za-z0-9_-]{43}");
        assertThat(shown).containsExactly("Bearer " + secret);
        assertThat(SECRETS.of(revision(false))).isEmpty();
        shown.clear();
        protocol.calls(revision(false), task("http"));
        assertThat(shown).containsExactly("null");
    }

    @Test
    void anotherRevisionHasAnotherSecretAndAnotherKeyToo() {
        var next = new Revision(2, "sb-1-r2", "acd", List.of(), "{}", new Resources(100, 64), false, true);

        assertThat(SECRETS.of(next)).isNotEqualTo(SECRETS.of(REVISION));
        assertThat(new TaskSecrets("another key of 28 characters".getBytes(StandardCharsets.UTF_8)).of(REVISION))
                .isNotEqualTo(SECRETS.of(REVISION));
    }

    private static Revision revision(boolean secret) {
        return new Revision(1, "sb-1-r1", "acd", List.of(), "{}", new Resources(100, 64), false, secret);
    }

    @Test
    void withoutCallsItIsIdle() {
        progress = "{\"draining\":true,\"activeCalls\":0,\"since\":\"later fields do no harm\"}";

        assertThat(protocol.drain(REVISION, task("http"))).isEqualTo(new Drained.Idle());
    }

    @Test
    void aServiceWithoutTheProtocolIsNotAsked() {
        status = 404;

        assertThat(protocol.drain(REVISION, task("http"))).isEqualTo(new Drained.NotAsked());
        assertThat(protocol.drain(REVISION, task("sip"))).isEqualTo(new Drained.NotAsked());
    }

    @Test
    void whatCantBeUnderstoodMayStillHaveCalls() {
        progress = "surprise";
        assertThat(protocol.drain(REVISION, task("http"))).isInstanceOf(Drained.Silent.class);

        progress = "{\"draining\":false,\"activeCalls\":0}";
        assertThat(protocol.drain(REVISION, task("http"))).isInstanceOf(Drained.Silent.class);

        status = 500;
        assertThat(protocol.drain(REVISION, task("http"))).isEqualTo(new Drained.Silent("it answered 500"));
    }

    @Test
    void moreCallsThanAnyTaskCarriesCostNoTimeToAddUp() {
        progress = "{\"draining\":true,\"activeCalls\":2147483647}";

        assertThat(protocol.drain(REVISION, task("http"))).isEqualTo(new Drained.Busy(Calls.MOST));
        assertThat(protocol.calls(REVISION, task("http")))
                .isInstanceOfSatisfying(
                        Calls.Counted.class,
                        // The harmonic number of a million is 14.3927, three minutes each.
                        calls -> assertThat(calls.secondsToGo()).isCloseTo(180 * 14.3927, withinPercentage(0.01)));
    }

    @Test
    void figuresThatNobodyCouldAddUpAreNotBelieved() {
        assertThat(protocol.quality(REVISION, task("http"))).contains(new Quality(7, 1, 0.5, 3, 0));

        quality = quality.replace("\"requests\":7", "\"requests\":9223372036854775807");
        assertThat(protocol.quality(REVISION, task("http"))).isEmpty();
    }

    @Test
    void aTaskThatIsGoneIsSilent() {
        var task = task("http");
        server.stop(0);

        assertThat(protocol.drain(REVISION, task)).isEqualTo(new Drained.Silent("it can't be reached"));
    }

    @Test
    void aTaskThatAcceptsAndNeverAnswersIsSilentInTime() throws Exception {
        assertSilent("", "it gave no answer within 300 ms");
        assertSilent("HTTP/1.1 202 Accepted\r\nContent-Length: 1000\r\n\r\n{", "it gave no answer within 300 ms");
    }

    @Test
    void anAnswerThatGoesOnAndOnIsNotReadToItsEnd() throws Exception {
        var start = "HTTP/1.1 202 Accepted\r\nContent-Length: 1000000000\r\n\r\n";
        assertSilent(start + " ".repeat(100_000), "its answer is too long");
    }

    /** Against a server that accepts, says this, and leaves the connection open. */
    private static void assertSilent(String said, String why) throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var connections = new ConcurrentLinkedQueue<Socket>();
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        var connection = silent.accept();
                        connections.add(connection);
                        connection.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
                    }
                } catch (IOException closed) {
                    connections.forEach(HttpTaskProtocolTests::close);
                }
            });
            var task = new Task(
                    "a",
                    "127.0.0.1",
                    Map.of("http", silent.getLocalPort()),
                    Task.State.READY,
                    "ready",
                    Instant.EPOCH,
                    0);

            var asked = CompletableFuture.supplyAsync(() ->
                    new HttpTaskProtocol(Duration.ofMillis(300), SECRETS, new JsonMapper()).drain(REVISION, task));

            assertThat(asked.get(10, TimeUnit.SECONDS)).isEqualTo(new Drained.Silent(why));
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aTaskIsAskedAtAnAddressOfEitherKind() throws Exception {
        server.stop(0);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("::1"), 0), 0);
        server.createContext("/switchboard/quality", exchange -> {
            exchange.sendResponseHeaders(200, quality.length());
            exchange.getResponseBody().write(quality.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();

        assertThat(protocol.quality(REVISION, task("http", "::1"))).contains(new Quality(7, 1, 0.5, 3, 0));
    }

    private Task task(String port) {
        return task(port, "127.0.0.1");
    }

    private Task task(String port, String host) {
        return new Task(
                "a", host, Map.of(port, server.getAddress().getPort()), Task.State.READY, "ready", Instant.EPOCH, 0);
    }
}
