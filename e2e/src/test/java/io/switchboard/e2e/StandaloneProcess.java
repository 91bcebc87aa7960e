package io.switchboard.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.springframework.util.FileSystemUtils;

/** The standalone launcher as {@code ./switchboard up} runs it, on free ports and with a state of its own. */
final class StandaloneProcess implements AutoCloseable {

    private static final int TCP_PORTS = 20;
    private static final int FIRST_TCP_PORT = 23_000;
    private static final int LAST_TCP_PORT = 31_000;
    private final Path state;
    private final String tcpPorts;
    private final Map<String, String> environment;
    private final List<String> options;
    private final InstallationProcess process;

    StandaloneProcess(Path state) throws IOException {
        this(state, Map.of());
    }

    StandaloneProcess(Path state, Map<String, String> environment, String... options) throws IOException {
        this.state = state.toAbsolutePath();
        this.environment = Map.copyOf(environment);
        this.options = List.of(options);
        this.tcpPorts = freeRange();
        // An earlier run's orders would be this run's surprises.
        FileSystemUtils.deleteRecursively(this.state);
        Files.createDirectories(this.state);
        this.process = new InstallationProcess(this.state);
    }

    /** Ports for TCP routes that nobody else listens on, outside of what the kernel gives away and of the defaults. */
    private static String freeRange() throws IOException {
        for (int first = FIRST_TCP_PORT; first + TCP_PORTS <= LAST_TCP_PORT; first += TCP_PORTS) {
            if (IntStream.range(first, first + TCP_PORTS).allMatch(StandaloneProcess::free)) {
                return first + "-" + (first + TCP_PORTS - 1);
            }
        }
        throw new IOException("no " + TCP_PORTS + " free ports in a row");
    }

    private static boolean free(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts it and waits until it is ready. */
    Installation start() throws IOException {
        var all = new ArrayList<>(
                List.of("--standalone.acd-jar=" + unpacked(acdJar()), "--standalone.ports.tcp=" + tcpPorts));
        all.addAll(options);
        return process.start(
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        unpacked(built("deploy/standalone/target", "standalone-"))
                                .toString()),
                all,
                environment);
    }

    /** {@code kill -9}: no shutdown hook runs, children stay. */
    void kill() throws InterruptedException {
        process.kill();
    }

    /** Ids of the tasks whose processes run, one entry for each process. */
    List<String> taskProcesses() throws IOException {
        var ids = new ArrayList<String>();
        for (var each : process.processes()) {
            InstallationProcess.environment(each)
                    .filter(entry -> entry.startsWith("SWITCHBOARD_TASK_ID="))
                    .map(entry -> entry.substring(entry.indexOf('=') + 1))
                    .findFirst()
                    .ifPresent(ids::add);
        }
        return ids;
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }

    /** A jar unpacked once per build, because a jar of jars starts slowly. */
    private static synchronized Path unpacked(Path jar) throws IOException {
        var folder = Path.of("target", "unpacked", jar.getFileName().toString());
        var unpacked = folder.resolve(jar.getFileName());
        if (Files.notExists(unpacked)
                || Files.getLastModifiedTime(unpacked).compareTo(Files.getLastModifiedTime(jar)) < 0) {
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Djarmode=tools",
                            "-jar",
                            jar.toString(),
                            "extract",
                            "--force",
                            "--destination",
                            folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                if (process.waitFor() != 0) {
                    throw new IOException(jar + " can't be unpacked");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while unpacking " + jar, e);
            }
            Files.setLastModifiedTime(unpacked, java.nio.file.attribute.FileTime.from(java.time.Instant.now()));
        }
        return unpacked.toAbsolutePath();
    }

    static Path acdJar() throws IOException {
        return built("samples/acd-service/target", "acd-service-");
    }

    private static Path built(String folder, String prefix) throws IOException {
        var target = Path.of("..").resolve(folder).toAbsolutePath().normalize();
        try (var files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .filter(file -> file.getFileName().toString().endsWith("-exec.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no " + prefix + "*-exec.jar in " + target
                            + ": run ./mvnw verify, which packages before these tests"));
        }
    }

    @Override
    public String toString() {
        return "StandaloneProcess[" + state.getFileName().toString().toLowerCase(Locale.ROOT) + "]";
    }
}
