package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.BalancerUnavailable;
import io.switchboard.access.balancer.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The haproxy executable. It runs detached from this process, so that it goes on when this one dies. */
public record HaproxyProgram(Path path) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** As {@link Installed#find}. */
    public static Optional<HaproxyProgram> find(String name) {
        return Installed.find(name).map(HaproxyProgram::new);
    }

    /** @throws BalancerUnavailable if HAProxy refuses the file, with what it says */
    void check(ConfigFile config) {
        check(config.file());
    }

    /** @throws BalancerUnavailable if HAProxy refuses the file, with what it says */
    void check(Path file) {
        run(file, List.of("-c"));
    }

    /** @throws BalancerUnavailable if it doesn't come up, with what it says */
    void start(ConfigFile config) {
        run(
                config.file(),
                List.of(
                        "-W",
                        "-D",
                        "-S",
                        config.masterSocket() + ",mode,600",
                        "-p",
                        config.pidFile().toString()));
    }

    /** The master that was started with this configuration; empty if it doesn't run. */
    Optional<ProcessHandle> running(ConfigFile config) {
        try {
            return ProcessHandle.of(
                            Long.parseLong(Files.readString(config.pidFile()).strip()))
                    .filter(process -> process.info()
                            .commandLine()
                            .filter(line -> line.contains(config.file().toString()))
                            .isPresent());
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Ends it now; connections are cut. */
    void stop(ConfigFile config) {
        running(config).ifPresent(process -> {
            process.destroy();
            try {
                process.onExit().get(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                process.destroyForcibly();
            }
        });
    }

    private void run(Path file, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(path.toString());
        command.addAll(options);
        command.add("-f");
        command.add(file.toString());
        var output = file.resolveSibling("haproxy.out");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new BalancerUnavailable("HAProxy was neither up nor down after " + PATIENCE, null);
            }
            if (process.exitValue() != 0) {
                throw new BalancerUnavailable(
                        "HAProxy refused: " + Files.readString(output).strip(), null);
            }
        } catch (IOException e) {
            throw new BalancerUnavailable(path + " can't be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BalancerUnavailable("interrupted while HAProxy was starting", e);
        }
    }
}
