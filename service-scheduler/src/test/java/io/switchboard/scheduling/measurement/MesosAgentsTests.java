package io.switchboard.scheduling.measurement;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.switchboard.engine.Task;
import io.switchboard.engine.Usage;
import io.switchboard.ports.FreePorts;
import io.switchboard.scheduling.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** Agents that answer in the documented form; no recording of a real one is at hand. */
class MesosAgentsTests {

    private static final double BEGAN = 1_796_000_000.25;

    private final List<String> asked = new ArrayList<>();
    private final List<String> authorizations = new ArrayList<>();
    private volatile String answer = "[]";
    private HttpServer agents;

    @BeforeEach
    void start() throws IOException {
        agents = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agents.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            var body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        agents.start();
    }

    @AfterEach
    void stop() {
        agents.stop(0);
    }

    private MesosAgents agents(Credentials credentials) {
        var address = "http://127.0.0.1:%d/{host}".formatted(agents.getAddress().getPort());
        return new MesosAgents(
                address, new MesosProperties(address, Duration.ofSeconds(2), credentials), Clock.systemUTC());
    }

    private static Task task(String id, String host) {
        return new Task(id, host, Map.of(), Task.State.READY, "", Instant.EPOCH, 0);
    }

    private static String executor(String id, double seconds, double user, double system, long memory) {
        return String.format(Locale.ROOT, """
                {"executor_id": "%s", "executor_name": "Command Executor (Task: %1$s)", "framework_id": "marathon",
                 "source": "%1$s",
                 "statistics": {"cpus_limit": 1.1, "cpus_nr_periods": 769, "cpus_nr_throttled": 3,
                  "cpus_user_time_secs": %s, "cpus_system_time_secs": %s, "mem_limit_bytes": 402653184,
                  "mem_rss_bytes": %d, "timestamp": %s}}""", id, user, system, memory, BEGAN + seconds);
    }

    @Test
    void cpuIsWhatCameToTheCountBetweenTwoAnswers() {
        var agents = agents(Credentials.NONE);
        answer = "[%s, %s]"
                .formatted(executor("desk.1", 0, 100, 20, 314_572_800), executor("desk.2", 0, 5, 5, 1_048_576));

        assertThat(agents.latest().of(task("desk.1", "10.0.0.7"))).isEmpty();

        answer = "[%s, %s]"
                .formatted(executor("desk.1", 10, 105, 22.5, 314_572_800), executor("desk.2", 10, 5, 5, 2_097_152));
        var latest = agents.latest();
        var at = Instant.ofEpochMilli(Math.round(1_000 * (BEGAN + 10)));
        assertThat(latest.of(task("desk.1", "10.0.0.7"))).hasValue(new Usage(750, 300, at));
        assertThat(latest.of(task("desk.2", "10.0.0.7"))).hasValue(new Usage(0, 2, at));
        assertThat(latest.of(task("unknown", "10.0.0.7"))).isEmpty();
        assertThat(asked)
                .as("once for each look")
                .containsExactly("/10.0.0.7/monitor/statistics", "/10.0.0.7/monitor/statistics");
    }

    @Test
    void answersThatFollowTooSoonSayTheSame() {
        var agents = agents(Credentials.NONE);
        answer = "[%s]".formatted(executor("desk.1", 0, 100, 20, 1_048_576));
        agents.latest().of(task("desk.1", "a"));
        answer = "[%s]".formatted(executor("desk.1", 10, 105, 20, 1_048_576));
        var usage = agents.latest().of(task("desk.1", "a"));
        assertThat(usage).isPresent();

        answer = "[%s]".formatted(executor("desk.1", 10.5, 105.5, 20, 1_048_576));

        assertThat(agents.latest().of(task("desk.1", "a"))).isEqualTo(usage);
    }

    @Test
    void aCountThatFellAndFiguresThatAreMissingAreNothing() {
        var agents = agents(Credentials.NONE);
        answer = "[%s]".formatted(executor("desk.1", 0, 100, 20, 1_048_576));
        agents.latest().of(task("desk.1", "a"));

        answer =
                "[%s, {\"executor_id\": \"desk.2\"}, {\"executor_id\": \"desk.3\", \"statistics\": {\"timestamp\": 1.5}}]"
                        .formatted(executor("desk.1", 10, 1, 1, 1_048_576));
        var latest = agents.latest();

        assertThat(List.of("desk.1", "desk.2", "desk.3"))
                .allSatisfy(id -> assertThat(latest.of(task(id, "a"))).isEmpty());
    }

    @Test
    void anAgentThatGivesNoAnswerKeepsTheOthersFromNothing() {
        var silent = "http://{host}:" + FreePorts.next();
        var agents = new MesosAgents(
                silent, new MesosProperties(silent, Duration.ofSeconds(1), Credentials.NONE), Clock.systemUTC());

        assertThat(agents.latest().of(task("desk.1", "127.0.0.1"))).isEmpty();
        assertThat(agents.latest().of(task("waits-for-a-node", ""))).isEmpty();

        answer = "no JSON";
        assertThat(agents(Credentials.NONE).latest().of(task("desk.1", "a"))).isEmpty();
    }

    @Test
    void itSaysWhoAsks() {
        agents(new Credentials("ada", "secret", null)).latest().of(task("desk.1", "a"));
        agents(new Credentials(null, null, "token")).latest().of(task("desk.1", "a"));

        assertThat(authorizations)
                .containsExactly(
                        "Basic " + Base64.getEncoder().encodeToString("ada:secret".getBytes(StandardCharsets.UTF_8)),
                        "Bearer token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://10.0.0.7:5051", "{host}:5051", "ftp://{host}"})
    void anAddressThatFitsNoHostIsRefused(String address) {
        Settings.given(Bound.class, "measurement.mesos.agents=" + address)
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void theUsualAddressIsTaken() {
        Settings.given(
                        Bound.class,
                        "measurement.mesos.agents=http://{host}:5051",
                        "measurement.mesos.credentials.token=t")
                .run(context -> assertThat(
                                context.getBean(MesosProperties.class).credentials())
                        .isEqualTo(new Credentials(null, null, "t")));
    }

    @EnableConfigurationProperties(MesosProperties.class)
    static class Bound {}
}
