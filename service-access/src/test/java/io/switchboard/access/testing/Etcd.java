package io.switchboard.access.testing;

import static org.awaitility.Awaitility.await;

import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An etcd of one member, or a member of several, which can be killed, started again and emptied. */
public final class Etcd implements AutoCloseable {

    private static final Pattern LEADER = Pattern.compile("\"leader\":\"(\\d+)\"");
    private static final Pattern MEMBER = Pattern.compile("\"member_id\":\"(\\d+)\"");

    private final String name;
    private final Path directory;
    private final String scheme;
    private final List<String> options;
    private final Ports ports;
    private final String cluster;
    private @Nullable Process process;

    private record Ports(int client, int peer) {

        String peerUrl() {
            return "http://127.0.0.1:" + peer;
        }
    }

    public Etcd(Path directory) {
        this(directory, "http");
    }

    /** @param scheme {@code http}, or {@code https} with options that name its certificate */
    public Etcd(Path directory, String scheme, String... options) {
        this("test", directory, scheme, new Ports(FreePorts.next(), FreePorts.next()), Optional.empty(), options);
        start();
    }

    private Etcd(String name, Path directory, String scheme, Ports ports, Optional<String> cluster, String... options) {
        this.name = name;
        this.directory = directory;
        this.scheme = scheme;
        this.options = List.of(options);
        this.ports = ports;
        this.cluster = cluster.orElse(name + "=" + ports.peerUrl());
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    /** Members of one etcd, which choose another leader within a second. */
    public static List<Etcd> cluster(Path directory, int members) throws IOException {
        var ports = Stream.generate(() -> new Ports(FreePorts.next(), FreePorts.next()))
                .limit(members)
                .toList();
        var cluster = IntStream.range(0, members)
                .mapToObj(member -> "m" + member + "=" + ports.get(member).peerUrl())
                .collect(Collectors.joining(","));
        List<Etcd> all = new ArrayList<>();
        for (int member = 0; member < members; member++) {
            var own = Files.createDirectories(directory.resolve("m" + member));
            all.add(new Etcd(
                    "m" + member,
                    own,
                    "http",
                    ports.get(member),
                    Optional.of(cluster),
                    "--heartbeat-interval=50",
                    "--election-timeout=300"));
        }
        all.forEach(Etcd::run);
        all.forEach(Etcd::awaitAccepts);
        return all;
    }

    /** Whether it leads the others now. */
    public boolean leads() {
        try {
            var status = post("/v3/maintenance/status", "{}");
            var leader = LEADER.matcher(status);
            var own = MEMBER.matcher(status);
            return leader.find() && own.find() && leader.group(1).equals(own.group(1));
        } catch (IOException e) {
            return false;
        }
    }

    /** Forgets what happened before this revision; who would hear of it can't any more. */
    public void compact(long revision) throws IOException {
        var answer = post("/v3/kv/compaction", "{\"revision\": \"%d\", \"physical\": true}".formatted(revision));
        if (answer.contains("error")) {
            throw new IOException(answer);
        }
    }

    private String post(String path, String body) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(url() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(10))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    public String url() {
        return scheme + "://127.0.0.1:" + ports.client();
    }

    public void start() {
        run();
        awaitAccepts();
    }

    /** Starts it without waiting for it: a member alone may have nothing to say yet. */
    public void run() {
        try {
            var command = new ArrayList<>(List.of(
                    Programs.etcd().toString(),
                    "--name=" + name,
                    "--data-dir=" + directory.resolve("data"),
                    "--listen-client-urls=" + url(),
                    "--advertise-client-urls=" + url(),
                    "--listen-peer-urls=" + ports.peerUrl(),
                    "--initial-advertise-peer-urls=" + ports.peerUrl(),
                    "--initial-cluster=" + cluster));
            command.addAll(options);
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("etcd.out").toFile())
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitAccepts() {
        await().atMost(Duration.ofSeconds(60)).until(this::accepts);
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

    /** Copies all that it knows; it must not run. */
    public void backUp(Path copy) {
        copy(directory.resolve("data"), copy);
    }

    /** What it knew when the copy was made is all that it knows; it must not run. */
    public void restore(Path copy) {
        wipe();
        copy(copy, directory.resolve("data"));
    }

    private static void copy(Path from, Path to) {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private boolean accepts() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), ports.client())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
