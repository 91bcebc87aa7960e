package io.switchboard.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.engine.supervision.StartFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pulls by a daemon that begins to answer and then hangs, as one does whose registry is behind a dead link. */
@Timeout(60)
class ImagesTests {

    private static final String IMAGE = "registry.test/acme/desk@sha256:" + "0".repeat(64);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile int steps;
    private HttpServer server;
    private Daemon daemon;
    private Images images;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        daemon = new Daemon(URI.create("tcp://127.0.0.1:" + server.getAddress().getPort()));
        images = new Images(
                daemon,
                new DockerEngineProperties.Registry("registry.test", null, null, Duration.ofSeconds(1)),
                registry -> Optional.empty(),
                threads);
    }

    @AfterEach
    void stop() {
        end.countDown();
        daemon.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aPullOfWhichNothingIsHeardFails() {
        long began = System.nanoTime();

        assertThatExceptionOfType(StartFailed.class)
                .isThrownBy(() -> images.get(IMAGE))
                .withMessageContaining("no progress for 1 s");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void aPullThatGoesOnIsWaitedForHoweverLongItTakes() {
        steps = 5;
        long began = System.nanoTime();

        assertThatExceptionOfType(StartFailed.class)
                .isThrownBy(() -> images.get(IMAGE))
                .withMessageContaining("no progress");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(3_500));
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().endsWith("/images/create")) {
            var missing = "{\"message\":\"No such image\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(404, missing.length);
            exchange.getResponseBody().write(missing);
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try {
            for (int step = 0; step <= steps; step++) {
                exchange.getResponseBody().write("{\"status\":\"Pulling\"}\r\n".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                end.await(step == steps ? 60_000 : 700, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }
}
