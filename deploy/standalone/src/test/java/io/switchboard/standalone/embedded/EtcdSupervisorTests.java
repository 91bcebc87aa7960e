package io.switchboard.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class EtcdSupervisorTests {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String PASSWORD = "of services in this test";

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private Path binary;
    private int port;
    private int peerPort;

    @BeforeEach
    void findBinaryAndPorts() {
        binary = EtcdProcess.binary()
                .orElseThrow(() -> new AssertionError("this test needs etcd: apt-get install etcd-server"));
        port = FreePorts.next();
        peerPort = FreePorts.next();
    }

    @Test
    void anEtcdThatIsKilledComesBackWithItsData() throws Exception {
        ProcessHandle last;
        try (var supervisor = EtcdSupervisor.start(this::launch)) {
            call("put", "{\"key\":\"%s\",\"value\":\"%s\"}".formatted(base64("/switchboard/v1/kept"), base64("x")));

            kill(process());
            awaitKept();

            kill(process());
            awaitKept();
            last = process();
        }
        assertThat(last.isAlive()).isFalse();
        assertThat(directory.resolve("etcd.pid")).hasContent(Long.toString(last.pid()));
    }

    @Test
    void oneThatCannotBeStartedIsTriedAgain() throws Exception {
        var starts = new AtomicInteger();
        try (var supervisor = EtcdSupervisor.start(() -> {
            if (starts.incrementAndGet() == 2) {
                throw new IOException("no room on the disk");
            }
            return launch();
        })) {
            kill(process());
            await().atMost(PATIENCE).until(() -> starts.get() == 3);
        }
    }

    private EtcdProcess launch() throws IOException, InterruptedException {
        return EtcdProcess.start(binary, directory, port, peerPort, PASSWORD, "of root in this test");
    }

    private ProcessHandle process() throws IOException {
        long pid =
                Long.parseLong(Files.readString(directory.resolve("etcd.pid")).trim());
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit().join();
    }

    private void awaitKept() {
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> assertThat(
                                call("range", "{\"key\":\"%s\"}".formatted(base64("/switchboard/v1/kept"))))
                        .contains(base64("x")));
    }

    private String call(String operation, String body) throws Exception {
        var login = "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(EtcdProcess.USER, PASSWORD);
        var token = new JsonMapper()
                .readTree(post("auth/authenticate", login))
                .get("token")
                .asString();
        return post("kv/" + operation, body, "Authorization", token);
    }

    private String post(String path, String body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/" + path))
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        var answer = http.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
