package io.switchboard.e2e;

import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.util.FileSystemUtils;

/** The standalone launcher as {@code ./switchboard up} runs it, on free ports and with a state of its own. */
final class StandaloneProcess implements AutoCloseable {

    private static final int TCP_PORTS = 20;
    private static final int FIRST_WITH_AOT_CACHE = 25;
    /** To write down what was learned takes as long as the start. */
    private static final Duration LEARNING = Duration.ofMinutes(3);

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
        int first = FreePorts.next(TCP_PORTS);
        this.tcpPorts = first + "-" + (first + TCP_PORTS - 1);
        // An earlier run's orders would be this run's surprises.
        FileSystemUtils.deleteRecursively(this.state);
        Files.createDirectories(this.state);
        this.process = new InstallationProcess(this.state);
    }

    /** Starts it and waits until it is ready. */
    Installation start() throws IOException {
        var all = new ArrayList<>(
                List.of("--standalone.acd-jar=" + unpacked(acdJar()), "--standalone.ports.tcp=" + tcpPorts));
        all.addAll(options);
        var jar = unpacked(built("deploy/standalone/target", "standalone-"));
        var program = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1"));
        learned(jar, all).ifPresent(cache -> program.add("-XX:AOTCache=" + cache));
        program.addAll(List.of("-jar", jar.toString()));
        return process.start(program, all, environment);
    }

    /**
     * What a JVM learned of the classes in one start, so that each of the many that follow takes two thirds of the time.
     * Empty before JDK 25, and if it could not be had.
     */
    private static synchronized Optional<Path> learned(Path jar, List<String> options) throws IOException {
        if (Runtime.version().feature() < FIRST_WITH_AOT_CACHE) {
            return Optional.empty();
        }
        var cache = jar.resolveSibling("standalone.aot");
        if (Files.notExists(cache) || Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) < 0) {
            var folder = Path.of("target", "learning").toAbsolutePath();
            FileSystemUtils.deleteRecursively(folder);
            Files.createDirectories(folder);
            try (var process = new InstallationProcess(folder)) {
                process.start(
                        List.of("-XX:TieredStopAtLevel=1", "-XX:AOTCacheOutput=" + cache, "-jar", jar.toString()),
                        options,
                        Map.of());
                process.terminate();
                process.awaitEnd(LEARNING);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while a first start was learned from", e);
            }
        }
        return Files.exists(cache) ? Optional.of(cache) : Optional.empty();
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
