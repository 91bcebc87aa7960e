package io.switchboard.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** The standalone launcher as {@code ./switchboard up} runs it, on free ports and with a state of its own. */
final class StandaloneProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(3);
    private static final int TCP_PORTS = 20;
    private static final int FIRST_TCP_PORT = 23_000;
    private static final int LAST_TCP_PORT = 31_000;
    private static final List<String> SERVICES = List.of(
            "console",
            "request",
            "scheduler",
            "access",
            "image",
            "config",
            "identity",
            "balancer",
            "registry",
            "database",
            "zookeeper",
            "etcd",
            "etcd-peer");

    private final Path state;
    private final Map<String, Integer> ports = new TreeMap<>();
    private final String tcpPorts;
    private final Map<String, String> environment;
    private final List<String> options;
    private @Nullable Process jvm;

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
        var open = new ArrayList<ServerSocket>();
        try {
            for (var service : SERVICES) {
                var socket = new ServerSocket(0);
                open.add(socket);
                ports.put(service, socket.getLocalPort());
            }
        } finally {
            for (var socket : open) {
                socket.close();
            }
        }
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
        var ready = state.resolve("ready");
        Files.deleteIfExists(ready);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.springframework.boot.logging.LoggingSystem=none",
                "-Dlogback.configurationFile=logback-standalone.xml",
                "-jar",
                unpacked(built("deploy/standalone/target", "standalone-")).toString(),
                "--standalone.directory=" + state,
                "--standalone.acd-jar=" + unpacked(acdJar())));
        ports.forEach((service, port) -> command.add("--standalone.ports." + service + "=" + port));
        command.add("--standalone.ports.tcp=" + tcpPorts);
        command.addAll(options);
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        state.resolve("jvm.log").toFile()));
        builder.environment().put("SWITCHBOARD_HOME", state.toString());
        builder.environment().putAll(environment);
        var process = builder.start();
        jvm = process;
        await().atMost(START)
                .pollInterval(Duration.ofMillis(100))
                .failFast(
                        "it did not start; see " + state.resolve("logs") + " and jvm.log beside it",
                        () -> !process.isAlive())
                .until(() -> Files.exists(ready));
        return Installation.in(state, ports);
    }

    /** {@code kill -9}: no shutdown hook runs, children stay. */
    void kill() throws InterruptedException {
        var process = jvm;
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Ids of the tasks whose processes run, one entry for each process. */
    List<String> taskProcesses() throws IOException {
        var ids = new ArrayList<String>();
        for (var process : ours()) {
            environment(process)
                    .filter(entry -> entry.startsWith("SWITCHBOARD_TASK_ID="))
                    .map(entry -> entry.substring(entry.indexOf('=') + 1))
                    .findFirst()
                    .ifPresent(ids::add);
        }
        return ids;
    }

    @Override
    public void close() throws Exception {
        var process = jvm;
        if (process != null) {
            process.destroy();
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        ours().forEach(ProcessHandle::destroyForcibly);
    }

    /** Processes that carry this installation's mark, as {@code ./switchboard down} finds them. */
    private List<ProcessHandle> ours() throws IOException {
        var marks = Set.of(
                "SWITCHBOARD_HOME=" + state,
                "SWITCHBOARD_ENGINE_DIRECTORY=" + state.resolve("data").resolve("engine-process"));
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> environment(process).anyMatch(marks::contains))
                .toList();
    }

    private static Stream<String> environment(ProcessHandle process) {
        try {
            return Stream.of(Files.readString(
                            Path.of("/proc", Long.toString(process.pid()), "environ"),
                            java.nio.charset.StandardCharsets.ISO_8859_1)
                    .split("\0"));
        } catch (IOException e) {
            // It ended meanwhile.
            return Stream.empty();
        }
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
