package io.switchboard.standalone.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A single etcd as a child process; one that an earlier, killed JVM left running is taken over. It lets in who shows a
 * password.
 */
public final class EtcdProcess implements AutoCloseable {

    /** Who may read and write below {@link #PREFIX}. */
    public static final String USER = "services";

    private static final String PREFIX = "/switchboard/";
    private static final Logger log = LoggerFactory.getLogger(EtcdProcess.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ProcessHandle process;
    private final int port;

    private EtcdProcess(ProcessHandle process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Where the binary is on this machine's path, if at all. */
    public static Optional<Path> binary() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder, "etcd"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * @param password what {@link #USER} shows
     * @param rootPassword of etcd's {@code root}, for an operator with {@code etcdctl}
     */
    public static EtcdProcess start(
            Path binary, Path directory, int port, int peerPort, String password, String rootPassword)
            throws IOException, InterruptedException {
        var etcd = start(binary, directory, port, peerPort);
        try {
            new EtcdUsers(etcd.endpoint()).letInOnly(new EtcdUsers.User(USER, password), rootPassword, PREFIX);
            return etcd;
        } catch (IOException | InterruptedException | RuntimeException e) {
            etcd.close();
            throw e;
        }
    }

    private static EtcdProcess start(Path binary, Path directory, int port, int peerPort)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        var pidFile = directory.resolve("etcd.pid");
        var running = runningFrom(pidFile);
        if (running.isPresent() && healthy(port)) {
            log.info("etcd of an earlier run goes on, pid {}", running.get().pid());
            return new EtcdProcess(running.get(), port);
        }
        if (running.isPresent()) {
            end(running.get());
        }
        var client = "http://127.0.0.1:" + port;
        var peer = "http://127.0.0.1:" + peerPort;
        // A session of its own: Ctrl-C on this JVM's terminal must not take it down before the routes are told.
        var process = new ProcessBuilder(
                        "setsid",
                        binary.toString(),
                        "--name=standalone",
                        "--data-dir=" + directory.resolve("data"),
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=standalone=" + peer,
                        "--auto-compaction-retention=1",
                        "--log-level=warn")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("etcd.log").toFile()))
                .start();
        var etcd = new EtcdProcess(process.toHandle(), port);
        try {
            Files.writeString(pidFile, Long.toString(process.pid()));
            var deadline = Instant.now().plus(PATIENCE);
            while (!healthy(port)) {
                if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                    throw new IOException("etcd did not start; see " + directory.resolve("etcd.log"));
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
            return etcd;
        } catch (IOException | InterruptedException e) {
            etcd.close();
            throw e;
        }
    }

    /** Returns once it is gone. */
    void awaitEnd() throws InterruptedException {
        try {
            process.onExit().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("etcd can't be watched", e);
        }
    }

    private String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.onExit().get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
        }
    }

    /** Gone when this returns: it holds the ports and the lock of the data directory that the next one needs. */
    private static void end(ProcessHandle sick) throws IOException, InterruptedException {
        log.warn("etcd of an earlier run is sick and replaced, pid {}", sick.pid());
        sick.destroyForcibly();
        try {
            sick.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the etcd of an earlier run, pid " + sick.pid() + ", can't be ended", e);
        }
    }

    private static Optional<ProcessHandle> runningFrom(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).trim()))
                .filter(process -> process.info().command().orElse("").endsWith("etcd"));
    }

    private static boolean healthy(int port) throws InterruptedException {
        try (var http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                    .timeout(Duration.ofSeconds(1))
                    .build();
            var answer = http.send(request, BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains("true");
        } catch (IOException e) {
            return false;
        }
    }
}
