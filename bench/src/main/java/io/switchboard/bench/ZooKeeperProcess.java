package io.switchboard.bench;

import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.springframework.util.FileSystemUtils;

/** ZooKeeper as it is, one server or the members of an ensemble, each a process of its own that may be killed. */
final class ZooKeeperProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);

    private final Path directory;
    private final int port;
    private ChildProcess process;

    private ZooKeeperProcess(Path directory, int port) throws IOException {
        this.directory = directory;
        this.port = port;
        this.process = run();
    }

    /** One server alone, which answers once this returns. */
    static ZooKeeperProcess alone() throws IOException {
        var server = ensemble(1).getFirst();
        server.awaitAnswer();
        return server;
    }

    /** An ensemble's members; they find each other while the caller goes on. */
    static List<ZooKeeperProcess> ensemble(int members) throws IOException {
        int[] ports =
                IntStream.range(0, 3 * members).map(any -> FreePorts.next()).toArray();
        String peers = IntStream.range(0, members)
                .mapToObj(member ->
                        "server." + (member + 1) + "=127.0.0.1:" + ports[3 * member + 1] + ":" + ports[3 * member + 2])
                .collect(Collectors.joining("\n", "", "\n"));
        List<ZooKeeperProcess> ensemble = new ArrayList<>();
        for (int member = 0; member < members; member++) {
            Path directory = Files.createTempDirectory("switchboard-bench-zookeeper");
            Files.createDirectories(directory.resolve("data"));
            Files.writeString(directory.resolve("data").resolve("myid"), String.valueOf(member + 1));
            Files.writeString(directory.resolve("zoo.cfg"), """
                    tickTime=2000
                    initLimit=20
                    syncLimit=5
                    maxClientCnxns=0
                    admin.enableServer=false
                    4lw.commands.whitelist=srvr
                    clientPortAddress=127.0.0.1
                    clientPort=%d
                    dataDir=%s
                    %s""".formatted(
                            ports[3 * member], directory.resolve("data"), members == 1 ? "" : peers));
            ensemble.add(new ZooKeeperProcess(directory, ports[3 * member]));
        }
        return ensemble;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    private ChildProcess run() throws IOException {
        return ChildProcess.start(
                QuorumPeerMain.class,
                List.of("-Xmx512m"),
                List.of(directory.resolve("zoo.cfg").toString()),
                line -> {});
    }

    /** Waits until it takes requests, alone or as a member. */
    void awaitAnswer() {
        long end = System.nanoTime() + START.toNanos();
        while (!answers()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("ZooKeeper does not answer within " + START.toSeconds() + " s");
            }
            Pause.millis(50);
        }
    }

    private boolean answers() {
        try (var socket = new java.net.Socket("127.0.0.1", port)) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write("srvr".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                    .contains("Mode: ");
        } catch (IOException e) {
            return false;
        }
    }

    long liveHeapBytes() throws IOException {
        return process.liveHeapBytes();
    }

    ProcessHandle handle() {
        return process.handle();
    }

    void kill() {
        process.kill();
    }

    void restart() throws IOException {
        process = run();
    }

    @Override
    public void close() throws IOException {
        process.kill();
        FileSystemUtils.deleteRecursively(directory);
    }
}
