package io.switchboard.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.switchboard.ports.FreePorts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdProcessTests {

    private static final String PASSWORD = "of services in this test";
    private static final String ROOT_PASSWORD = "of root in this test";

    @TempDir
    Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private Path binary;
    private int port;
    private int peerPort;

    @BeforeEach
    void findBinaryAndPorts() throws Exception {
        binary = EtcdProcess.binary()
                .orElseThrow(() -> new AssertionError("this test needs etcd: apt-get install etcd-server"));
        port = FreePorts.next();
        peerPort = FreePorts.next();
    }

    @Test
    void onlyTheServicesGetInAndNotBeyondTheirKeys() throws Exception {
        try (var etcd = start()) {
            assertThat(put("/switchboard/v1/x", "").statusCode()).isNotEqualTo(200);
            assertThat(authenticate("services", "guessed").statusCode()).isNotEqualTo(200);
            var token = token("services", PASSWORD);
            assertThat(put("/switchboard/v1/x", token).statusCode()).isEqualTo(200);
            assertThat(put("/elsewhere", token).statusCode()).isNotEqualTo(200);
            assertThat(put("/switchboarder", token).statusCode()).isNotEqualTo(200);
            assertThat(put("/elsewhere", token("root", ROOT_PASSWORD)).statusCode())
                    .isEqualTo(200);
        }

        try (var again = start()) {
            assertThat(put("/switchboard/v1/x", "").statusCode()).isNotEqualTo(200);
            assertThat(put("/switchboard/v1/x", token("services", PASSWORD)).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void anInstallationThatLetEveryoneInKeepsItsKeys() throws Exception {
        var url = "http://127.0.0.1:" + port;
        var peer = "http://127.0.0.1:" + peerPort;
        var old = new ProcessBuilder(
                        binary.toString(),
                        "--name=standalone",
                        "--data-dir=" + directory.resolve("data"),
                        "--listen-client-urls=" + url,
                        "--advertise-client-urls=" + url,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=standalone=" + peer)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("old.log").toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> put("/switchboard/v1/kept", "").statusCode() == 200);
        } finally {
            old.destroy();
            old.waitFor(10, TimeUnit.SECONDS);
        }

        try (var etcd = start()) {
            assertThat(get("/switchboard/v1/kept", "").body()).doesNotContain("kvs");
            assertThat(get("/switchboard/v1/kept", token("services", PASSWORD)).body())
                    .contains("kvs");
        }
    }

    @Test
    void anEtcdThatIsSickIsReplaced() throws Exception {
        start();
        var pidFile = directory.resolve("etcd.pid");
        var sick = ProcessHandle.of(Long.parseLong(Files.readString(pidFile).trim()))
                .orElseThrow();
        // Stopped, not dead: it holds its ports and its data, and answers nothing.
        assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(sick.pid()))
                        .start()
                        .waitFor())
                .isZero();

        try (var next = start()) {
            assertThat(sick.isAlive()).isFalse();
            assertThat(put("/switchboard/v1/x", token("services", PASSWORD)).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void anotherPasswordThanBeforeSaysWhatToDo() throws Exception {
        start().close();

        assertThatIOException()
                .isThrownBy(() -> EtcdProcess.start(binary, directory, port, peerPort, "another", ROOT_PASSWORD))
                .withMessageContaining("restore the secrets file");
        long pid =
                Long.parseLong(Files.readString(directory.resolve("etcd.pid")).trim());
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    private EtcdProcess start() throws Exception {
        return EtcdProcess.start(binary, directory, port, peerPort, PASSWORD, ROOT_PASSWORD);
    }

    private String token(String name, String password) throws Exception {
        var token = Pattern.compile("\"token\":\"([^\"]+)\"")
                .matcher(authenticate(name, password).body());
        assertThat(token.find()).isTrue();
        return token.group(1);
    }

    private HttpResponse<String> authenticate(String name, String password) throws Exception {
        return post("auth/authenticate", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}", "");
    }

    private HttpResponse<String> put(String key, String token) throws Exception {
        return post("kv/put", "{\"key\":\"" + base64(key) + "\",\"value\":\"" + base64("x") + "\"}", token);
    }

    private HttpResponse<String> get(String key, String token) throws Exception {
        return post("kv/range", "{\"key\":\"" + base64(key) + "\"}", token);
    }

    private HttpResponse<String> post(String path, String body, String token) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/" + path))
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", token);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
