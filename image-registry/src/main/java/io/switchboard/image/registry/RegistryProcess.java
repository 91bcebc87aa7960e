package io.switchboard.image.registry;

import io.switchboard.image.token.SecretFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps the managed registry running: starts it, starts it again when it ends, and adopts one that an earlier run of
 * this service left behind, as pulls and pushes should not notice that we were killed.
 */
class RegistryProcess implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RegistryProcess.class);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration HEALTHY = Duration.ofMinutes(1);
    private static final Duration STOP_GRACE = Duration.ofSeconds(10);

    private final Optional<Path> program;
    private final Path directory;
    private final Supplier<RegistryConfig> config;
    private final boolean stopOnClose;
    private @Nullable Thread supervisor;
    private volatile @Nullable ProcessHandle current;

    /**
     * @param program the registry's executable; empty to run none
     * @param config asked when this starts, as it holds the port that the web server got by then
     */
    RegistryProcess(Optional<Path> program, Path directory, Supplier<RegistryConfig> config, boolean stopOnClose) {
        this.program = program;
        this.directory = directory.toAbsolutePath();
        this.config = config;
        this.stopOnClose = stopOnClose;
    }

    /** After the web server, which the registry's clients get their tokens from. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void start() {
        if (program.isPresent()) {
            var executable = program.get();
            var wanted = config.get();
            supervisor = Thread.ofVirtual().name("registry-process").start(() -> supervise(executable, wanted));
        }
    }

    @Override
    public void stop() {
        var thread = supervisor;
        supervisor = null;
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(STOP_GRACE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        var process = current;
        if (process != null && stopOnClose) {
            end(process);
        }
    }

    @Override
    public boolean isRunning() {
        return supervisor != null;
    }

    /** The process that serves now, for tests. */
    Optional<ProcessHandle> process() {
        return Optional.ofNullable(current).filter(ProcessHandle::isAlive);
    }

    private void supervise(Path executable, RegistryConfig wanted) {
        var pause = SHORTEST_PAUSE;
        try {
            var process = adopt(wanted);
            while (!Thread.interrupted()) {
                long since = System.nanoTime();
                try {
                    var running = process.isPresent() ? process.get() : launch(executable, wanted);
                    current = running;
                    running.onExit().get();
                    log.warn("the registry ended; its log is {}", directory.resolve("registry.log"));
                } catch (IOException e) {
                    log.warn("the registry can't be started: {}", e.getMessage());
                } catch (ExecutionException e) {
                    log.warn("the registry can't be watched", e);
                }
                process = Optional.empty();
                pause = pauseAfter(Duration.ofNanos(System.nanoTime() - since), pause);
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            // Told to stop.
            Thread.currentThread().interrupt();
        }
    }

    /** How long to wait before the next start: doubled each time, unless the registry had run well. */
    static Duration pauseAfter(Duration ran, Duration last) {
        if (ran.compareTo(HEALTHY) >= 0) {
            return SHORTEST_PAUSE;
        }
        var doubled = last.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    /** The registry of an earlier run, if it is told the same as we would tell it and answers; otherwise it is ended. */
    private Optional<ProcessHandle> adopt(RegistryConfig wanted) throws InterruptedException {
        var left = leftBehind();
        if (left.isEmpty()) {
            return left;
        }
        if (wanted.render().equals(read(configFile())) && answers(wanted.port())) {
            log.info("adopted the registry that runs as process {}", left.get().pid());
            return left;
        }
        end(left.get());
        return Optional.empty();
    }

    private Optional<ProcessHandle> leftBehind() {
        var pid = read(pidFile()).strip();
        if (!pid.matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        // The number may be another program's by now.
        return ProcessHandle.of(Long.parseLong(pid))
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(configFile().toString()))
                        .isPresent());
    }

    private ProcessHandle launch(Path executable, RegistryConfig wanted) throws IOException {
        Files.createDirectories(wanted.data());
        SecretFile.write(configFile(), wanted.render());
        var output = directory.resolve("registry.log").toFile();
        var process = new ProcessBuilder(
                        executable.toString(), "serve", configFile().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                .start();
        SecretFile.write(pidFile(), Long.toString(process.pid()));
        log.info("started the registry as process {} on port {}", process.pid(), wanted.port());
        return process.toHandle();
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(STOP_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
        }
    }

    private static boolean answers(int port) throws InterruptedException {
        try (var http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v2/"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return http.send(request, BodyHandlers.discarding())
                    .headers()
                    .firstValue("Docker-Distribution-Api-Version")
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }

    private Path configFile() {
        return directory.resolve("config.yml");
    }

    private Path pidFile() {
        return directory.resolve("registry.pid");
    }
}
