package io.switchboard.samples.acd.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.switchboard.samples.acd.floor.AcdProperties;
import io.switchboard.samples.acd.floor.Call;
import io.switchboard.samples.acd.floor.Floor;
import io.switchboard.samples.acd.floor.TaskProperties;
import io.switchboard.samples.acd.routing.RoutingStrategy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallServerTests {

    private static final Duration NEVER = Duration.ofHours(1);

    private final Floor floor = new Floor(Clock.systemUTC(), () -> SETTINGS);
    private CallServer server = server(floor, NEVER, NEVER);

    @BeforeEach
    void listen() {
        server.start();
    }

    @AfterEach
    void close() {
        server.stop();
    }

    @Test
    void aConnectionThatIsHeldIsACallUntilBye() throws Exception {
        try (var caller = new Caller(server.port())) {
            var call = taken(caller);
            assertThat(state(call)).isEqualTo(Call.Kind.QUEUED);
            assertThat(caller.ask("PING")).isEqualTo("PONG QUEUED");

            assertThat(caller.ask("BYE")).isEqualTo("BYE ABANDONED");

            assertThat(state(call)).isEqualTo(Call.Kind.ENDED);
            assertThat(caller.hear()).isNull();
        }
    }

    @Test
    void aConnectionThatBreaksIsACallerWhoHungUp() throws Exception {
        UUID call;
        try (var caller = new Caller(server.port())) {
            call = taken(caller);
        }

        await().until(() -> state(call) == Call.Kind.ENDED);
    }

    @Test
    void drainingRefusesNewCallsAndHoldsTheOthers() throws Exception {
        try (var held = new Caller(server.port());
                var late = new Caller(server.port())) {
            var call = taken(held);

            floor.drain();

            assertThat(late.ask("CALL +49301234")).startsWith("REFUSED DRAINING ");
            assertThat(late.hear()).isNull();
            assertThat(held.ask("PING")).isEqualTo("PONG QUEUED");
            assertThat(state(call)).isEqualTo(Call.Kind.QUEUED);
        }
    }

    @Test
    void aFullQueueRefuses() throws Exception {
        try (var first = new Caller(server.port());
                var second = new Caller(server.port());
                var third = new Caller(server.port())) {
            assertThat(first.ask("CALL a sales")).startsWith("CALL ");
            assertThat(second.ask("CALL b sales")).startsWith("CALL ");
            assertThat(third.ask("CALL c sales")).startsWith("REFUSED QUEUE_FULL ");
        }
    }

    @Test
    void theSilentAreAskedAndThenHungUpOn() throws Exception {
        restart(Duration.ofMillis(50), Duration.ofMillis(400));
        try (var caller = new Caller(server.port())) {
            var call = taken(caller);
            assertThat(caller.hear()).isEqualTo("PING");
            caller.send("PONG\n");
            assertThat(caller.hear()).isEqualTo("PING");

            await().untilAsserted(() -> {
                server.hangUpOnTheSilent();
                assertThat(state(call)).isEqualTo(Call.Kind.ENDED);
            });
        }
    }

    @Test
    void whoeverSpeaksIsNotSilent() throws Exception {
        restart(Duration.ofMillis(500), Duration.ofMillis(600));
        try (var caller = new Caller(server.port())) {
            var call = taken(caller);
            var end = System.nanoTime() + Duration.ofMillis(1_500).toNanos();
            while (System.nanoTime() < end) {
                assertThat(caller.ask("PING")).isEqualTo("PONG QUEUED");
                server.hangUpOnTheSilent();
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertThat(state(call)).isEqualTo(Call.Kind.QUEUED);
        }
    }

    @Test
    void aCallThatEndsOtherwiseIsTold() throws Exception {
        restart(Duration.ofMillis(50), NEVER);
        try (var caller = new Caller(server.port())) {
            floor.end(taken(caller));

            var line = caller.hear();
            while ("PING".equals(line)) {
                line = caller.hear();
            }
            assertThat(line).isEqualTo("BYE ABANDONED");
            assertThat(caller.hear()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PING, NO_CALL",
        "BYE, NO_CALL",
        "CALL, LINE_INVALID",
        "CALL a b c, LINE_INVALID",
        "CALL a -, LINE_INVALID",
        "call a, LINE_INVALID",
        "GET / HTTP/1.1, LINE_INVALID",
        "CALL \u00fc, LINE_INVALID"
    })
    void whatIsNotUnderstoodEndsTheConnection(String line, String code) throws Exception {
        try (var caller = new Caller(server.port())) {
            assertThat(caller.ask(line)).startsWith("ERROR " + code + " ");
            assertThat(caller.hear()).isNull();
        }
    }

    @Test
    void aLineThatIsTooLongEndsTheCall() throws Exception {
        try (var caller = new Caller(server.port())) {
            var call = taken(caller);

            caller.send("x".repeat(1_000));

            assertThat(caller.hear()).startsWith("ERROR LINE_TOO_LONG ");
            assertThat(state(call)).isEqualTo(Call.Kind.ENDED);
        }
    }

    @Test
    void aConnectionHoldsOneCall() throws Exception {
        try (var caller = new Caller(server.port())) {
            var call = taken(caller);

            assertThat(caller.ask("CALL another")).startsWith("ERROR LINE_INVALID ");
            assertThat(state(call)).isEqualTo(Call.Kind.ENDED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CALL a\r\nPING\r\n", "CALL a\nPING\n"})
    void linesMayComeInPiecesAndTogether(String text) throws Exception {
        restart(Duration.ofMillis(20), NEVER);
        try (var caller = new Caller(server.port())) {
            caller.send(text.substring(0, 3));
            TimeUnit.MILLISECONDS.sleep(60);
            caller.send(text.substring(3));

            assertThat(caller.hear()).startsWith("CALL ");
            assertThat(caller.hear()).isEqualTo("PONG QUEUED");
        }
    }

    @Test
    void oneConnectionMoreThanThereIsRoomForIsRefused() throws Exception {
        try (var first = new Caller(server.port());
                var second = new Caller(server.port());
                var third = new Caller(server.port())) {
            taken(first);
            taken(second);
            assertThat(third.ask("CALL c sales")).startsWith("CALL ");
            try (var fourth = new Caller(server.port())) {
                assertThat(fourth.ask("CALL d")).startsWith("REFUSED TOO_MANY_CONNECTIONS ");
            }

            first.ask("BYE");
            assertThat(first.hear()).isNull();
            await().ignoreExceptions().untilAsserted(() -> {
                try (var next = new Caller(server.port())) {
                    assertThat(next.ask("CALL e")).startsWith("CALL ");
                }
            });
        }
    }

    @Test
    void whatFailsInsideIsAnAnswerToo() throws Exception {
        var broken = server(
                new Floor(Clock.systemUTC(), () -> {
                    throw new IllegalStateException("no settings");
                }),
                NEVER,
                NEVER);
        broken.start();
        try (var caller = new Caller(broken.port())) {
            assertThat(caller.ask("CALL a")).startsWith("REFUSED INTERNAL_ERROR ");
        } finally {
            broken.stop();
        }
    }

    @Test
    void stoppingWaitsForTheCallsThereAre() throws Exception {
        int port = server.port();
        try (var caller = new Caller(port)) {
            taken(caller);
            var stopped = new CountDownLatch(1);

            server.stop(stopped::countDown);

            // The kernel may take one more connection while the one who waits for them wakes up.
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> new Caller(port).close()).isInstanceOf(IOException.class));
            assertThat(caller.ask("PING")).isEqualTo("PONG QUEUED");
            assertThat(stopped.getCount()).isEqualTo(1);
            caller.ask("BYE");
            caller.close();
            assertThat(stopped.await(2, TimeUnit.MINUTES)).isTrue();
        }
    }

    private void restart(Duration heartbeat, Duration idleLimit) {
        server.stop();
        server = server(floor, heartbeat, idleLimit);
        server.start();
    }

    private static CallServer server(Floor floor, Duration heartbeat, Duration idleLimit) {
        return new CallServer(
                floor,
                new TaskProperties("acd-1", 7, ""),
                new LineProperties(0, 3, heartbeat, idleLimit.plusMillis(1)));
    }

    private static UUID taken(Caller caller) throws IOException {
        var answer = String.valueOf(caller.ask("CALL sip:ann@example.org")).split(" ");
        assertThat(answer).hasSize(3).startsWith("CALL").endsWith("acd-1");
        return UUID.fromString(answer[1]);
    }

    private Call.Kind state(UUID call) {
        return floor.call(call).orElseThrow().state().kind();
    }

    private static final AcdProperties SETTINGS = new AcdProperties(
            "Hello",
            new AcdProperties.Routing(RoutingStrategy.LONGEST_IDLE, Duration.ZERO, Duration.ofSeconds(30)),
            new AcdProperties.Queue("support", 2, Duration.ofMinutes(10), true, Duration.ofSeconds(20)));
}
