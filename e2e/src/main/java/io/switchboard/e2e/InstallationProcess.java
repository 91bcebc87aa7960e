package io.switchboard.e2e;

import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A whole installation in a process of its own, on free ports and with a folder of its own. */
public final class InstallationProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(6);
    private static final long LOOK_AGAIN_MILLIS = 100;
    private static final int STOP_SECONDS = 40;
    private static final List<String> SERVICES = List.of(
            "console",
            "request",
            "scheduler",
            "access",
            "image",
            "config",
            "identity",
            "balancer",
            "sip",
            "registry",
            "database",
            "zookeeper",
            "etcd",
            "etcd-peer");

    private final Path directory;
    private final Map<String, Integer> ports = new TreeMap<>();
    private @Nullable Process jvm;

    /** @param directory absolute, and there */
    public InstallationProcess(Path directory) {
        this.directory = directory;
        SERVICES.forEach(service -> ports.put(service, FreePorts.next()));
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param program what the JVM runs, with further flags before it
     * @param options of the installation
     * @throws IllegalStateException if it ends, or isn't ready within six minutes
     */
    public Installation start(List<String> program, List<String> options, Map<String, String> environment)
            throws IOException {
        var ready = directory.resolve("ready");
        Files.deleteIfExists(ready);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.springframework.boot.logging.LoggingSystem=none",
                "-Dlogback.configurationFile=logback-standalone.xml"));
        command.addAll(program);
        command.add("--standalone.directory=" + directory);
        ports.forEach((service, port) -> command.add("--standalone.ports." + service + "=" + port));
        command.addAll(options);
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("jvm.log").toFile()));
        builder.environment().put("SWITCHBOARD_HOME", directory.toString());
        builder.environment().putAll(environment);
        var process = builder.start();
        jvm = process;
        await(ready, process);
        return Installation.in(directory, ports);
    }

    private void await(Path ready, Process process) throws IOException {
        long limit = System.nanoTime() + START.toNanos();
        try {
            while (Files.notExists(ready)) {
                if (!process.isAlive() || System.nanoTime() > limit) {
                    throw new IllegalStateException(
                            "it did not start; see " + directory.resolve("logs") + " and jvm.log beside it");
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it started", e);
        }
    }

    /** {@code kill -9}: no shutdown hook runs, children stay. */
    public void kill() throws InterruptedException {
        var process = jvm;
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Tells it to end, and returns at once. */
    public void terminate() {
        var process = jvm;
        if (process != null) {
            process.destroy();
        }
    }

    /** Waits until it has ended, for so long at most. */
    public void awaitEnd(Duration atMost) throws InterruptedException {
        var process = jvm;
        if (process != null) {
            process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Processes that carry this installation's mark, as {@code ./switchboard down} finds them. */
    public List<ProcessHandle> processes() {
        var marks = Set.of(
                "SWITCHBOARD_HOME=" + directory,
                "SWITCHBOARD_ENGINE_DIRECTORY=" + directory.resolve("data").resolve("engine-process"));
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> environment(process).anyMatch(marks::contains))
                .toList();
    }

    /** As {@code NAME=value}; none if the process has ended, or is somebody else's. */
    public static Stream<String> environment(ProcessHandle process) {
        try {
            return Stream.of(Files.readString(
                            Path.of("/proc", Long.toString(process.pid()), "environ"), StandardCharsets.ISO_8859_1)
                    .split("\0"));
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /** Ends it, and the servers and tasks that outlive its JVM. */
    @Override
    public void close() throws InterruptedException {
        var process = jvm;
        if (process != null) {
            process.destroy();
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        processes().forEach(ProcessHandle::destroyForcibly);
    }
}
