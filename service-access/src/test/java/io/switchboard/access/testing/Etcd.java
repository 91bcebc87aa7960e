package io.switchboard.access.testing;

import static org.awaitility.Awaitility.await;

import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An etcd of one member, which can be killed, started again and emptied. */
public final class Etcd implements AutoCloseable {

    private final Path directory;
    private final String scheme;
    private final List<String> options;
    private final int port = FreePorts.next();
    private final int peerPort = FreePorts.next();
    private @Nullable Process process;

    public Etcd(Path directory) {
        this(directory, "http");
    }

    /** @param scheme {@code http}, or {@code https} with options that name its certificate */
    public Etcd(Path directory, String scheme, String... options) {
        this.directory = directory;
        this.scheme = scheme;
        this.options = List.of(options);
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
        start();
    }

    public String url() {
        return scheme + "://127.0.0.1:" + port;
    }

    public void start() {
        var peer = "http://127.0.0.1:" + peerPort;
        try {
            var command = new ArrayList<>(List.of(
                    Programs.etcd().toString(),
                    "--name=test",
                    "--data-dir=" + directory.resolve("data"),
                    "--listen-client-urls=" + url(),
                    "--advertise-client-urls=" + url(),
                    "--listen-peer-urls=" + peer,
                    "--initial-advertise-peer-urls=" + peer,
                    "--initial-cluster=test=" + peer));
            command.addAll(options);
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("etcd.out").toFile())
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        await().atMost(Duration.ofSeconds(30)).until(this::accepts);
    }

    public void kill() {
        var running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
        }
    }

    /** Everything it knew is gone; it must not run. */
    public void wipe() {
        try (var files = Files.walk(directory.resolve("data"))) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private boolean accepts() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
