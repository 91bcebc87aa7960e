package io.switchboard.scheduling.measurement;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.switchboard.engine.Task;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** A real Prometheus that reads figures as cAdvisor gives them. */
class PrometheusTests {

    private static final String LABEL = "container_env_mesos_task_id";
    private static final String CPU = "sum by (%s) (rate(container_cpu_usage_seconds_total[5s]))".formatted(LABEL);
    private static final String MEMORY = "sum by (%s) (container_memory_rss)".formatted(LABEL);

    private static final String PASSWORD = UUID.randomUUID().toString();

    @TempDir
    private static Path directory;

    private static HttpServer exporter;
    private static Process prometheus;
    private static String url;

    @BeforeAll
    static void start() throws IOException {
        long began = System.nanoTime();
        exporter = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        exporter.createContext("/metrics", exchange -> {
            double seconds = (System.nanoTime() - began) / 1e9;
            var text = """
                    # TYPE container_cpu_usage_seconds_total counter
                    container_cpu_usage_seconds_total{container_env_mesos_task_id="task-1",cpu="cpu00"} %1$s
                    container_cpu_usage_seconds_total{container_env_mesos_task_id="task-1",cpu="cpu01"} %2$s
                    container_cpu_usage_seconds_total{container_env_mesos_task_id="no-memory",cpu="cpu00"} %1$s
                    container_cpu_usage_seconds_total{cpu="cpu00"} 1000
                    # TYPE container_memory_rss gauge
                    container_memory_rss{container_env_mesos_task_id="task-1"} 314572800
                    container_memory_rss{container_env_mesos_task_id="unlikely"} NaN
                    container_memory_rss{} 1e12
                    """.formatted(seconds * 0.25, seconds * 0.5).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, text.length);
            try (var body = exchange.getResponseBody()) {
                body.write(text);
            }
        });
        exporter.start();
        int port = FreePorts.next();
        url = "http://127.0.0.1:" + port;
        var settings = Files.writeString(directory.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - job_name: tasks
                    static_configs: [{targets: ['127.0.0.1:%d']}]
                """.formatted(
                        exporter.getAddress().getPort()));
        var users = Files.writeString(
                directory.resolve("web.yml"),
                "basic_auth_users: {prometheus: '%s'}".formatted(new BCryptPasswordEncoder(4).encode(PASSWORD)));
        prometheus = new ProcessBuilder(
                        "prometheus",
                        "--web.config.file=" + users,
                        "--config.file=" + settings,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        exporter.stop(0);
        prometheus.destroy();
        prometheus.waitFor(10, SECONDS);
        prometheus.destroyForcibly().waitFor();
    }

    private static Task task(String id) {
        return new Task(id, "10.0.0.1", Map.of(), Task.State.READY, "", Instant.EPOCH, 0);
    }

    private static Prometheus asking(String url, String cpuQuery) {
        return asking(url, cpuQuery, "prometheus", PASSWORD);
    }

    private static Prometheus asking(String url, String cpuQuery, @Nullable String user, @Nullable String password) {
        return new Prometheus(
                url,
                new PrometheusProperties(
                        URI.create(url),
                        LABEL,
                        cpuQuery,
                        MEMORY,
                        Duration.ofSeconds(5),
                        new Credentials(user, password, null)));
    }

    @Test
    void whatATaskUsesIsSummedUpOverItsCores() {
        // A rate over fewer scrapes than its window is estimated low.
        await().untilAsserted(() -> assertThat(asking(url, CPU).latest().of(task("task-1")))
                .hasValueSatisfying(usage -> {
                    assertThat(usage.cpuMillis()).isBetween(600, 900);
                    assertThat(usage.memoryMib()).isEqualTo(300);
                }));
    }

    @Test
    void whatIsOnlyHalfKnownOrNoFigureIsNothing() {
        await().until(() -> asking(url, CPU).latest().of(task("task-1")).isPresent());
        var latest = asking(url, CPU).latest();

        assertThat(List.of("no-memory", "unlikely", "unknown", ""))
                .allSatisfy(id -> assertThat(latest.of(task(id))).isEmpty());
    }

    @Test
    void withoutItsPasswordItSaysNothing() {
        await().until(() -> asking(url, CPU).latest().of(task("task-1")).isPresent());

        assertThat(asking(url, CPU, null, null).latest().of(task("task-1"))).isEmpty();
        assertThat(asking(url, CPU, "prometheus", "other").latest().of(task("task-1")))
                .isEmpty();
    }

    @Test
    void secretsAreNotShown() {
        assertThat(new Credentials("ada", PASSWORD, "bearer-token").toString())
                .contains("ada")
                .doesNotContain(PASSWORD, "bearer-token");
    }

    @Test
    void noAnswerAndAWrongQueryAreNothing() {
        assertThat(asking("http://127.0.0.1:" + FreePorts.next(), CPU).latest().of(task("task-1")))
                .isEmpty();
        await().until(() -> asking(url, CPU).latest().of(task("task-1")).isPresent());
        assertThat(asking(url, "sum by (").latest().of(task("task-1"))).isEmpty();
        assertThat(asking(url, "scalar(vector(1))").latest().of(task("task-1"))).isEmpty();
    }
}
