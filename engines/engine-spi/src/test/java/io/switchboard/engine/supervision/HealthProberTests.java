package io.switchboard.engine.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.Workload.Health;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HealthProberTests {

    private final HealthProber prober = new HealthProber();
    private final Collection<Socket> accepted = new ConcurrentLinkedQueue<>();
    private final ServerSocket server;
    private volatile String answer = "";

    HealthProberTests() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    @AfterEach
    void stop() throws IOException {
        prober.close();
        server.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }

    @Test
    void anAnswerPasses() throws InterruptedException {
        answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

        assertThat(firstResult()).isEmpty();
    }

    @Test
    @DisplayName("Nacos #15712: a task can't send the check to an address that it chooses")
    void aTaskCanNotSendItsCheckElsewhere() throws InterruptedException {
        answer = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";

        assertThat(firstResult()).isEqualTo("GET /health answered 302");
    }

    @Test
    void whoAcceptsAndNeverAnswersFails() throws InterruptedException {
        assertThat(firstResult(Duration.ofMillis(300))).isEqualTo("GET /health gave no answer within 300 ms");
    }

    @Test
    void whoBeginsAnAnswerAndNeverEndsItFails() throws InterruptedException {
        answer = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\no";

        assertThat(firstResult(Duration.ofMillis(300))).isEqualTo("GET /health gave no answer within 300 ms");
    }

    @Test
    void whereNothingListensIsSaid() throws Exception {
        server.close();

        assertThat(firstResult()).isEqualTo("nothing listens at port " + server.getLocalPort());
    }

    /** As long as who does answer may take: the first request of a busy machine needs more than a moment. */
    private String firstResult() throws InterruptedException {
        return firstResult(Duration.ofSeconds(30));
    }

    private String firstResult(Duration timeout) throws InterruptedException {
        BlockingQueue<String> results = new LinkedBlockingQueue<>();
        prober.watch(
                "task",
                URI.create("http://127.0.0.1:" + server.getLocalPort() + "/health"),
                new Health.Http("http", "/health", Duration.ofSeconds(1), timeout, Duration.ZERO),
                results::add);
        return String.valueOf(results.poll(60, TimeUnit.SECONDS));
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                accepted.add(socket);
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException closed) {
                return;
            }
        }
    }
}
