package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.BalancerUnavailable;
import io.switchboard.access.balancer.DetachedProgram;
import io.switchboard.access.balancer.Installed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The haproxy executable, which runs as a {@link DetachedProgram}. */
public record HaproxyProgram(Path path) {

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
        return DetachedProgram.running(config.file(), config.pidFile());
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
        new DetachedProgram("HAProxy", path).run(file, options, "");
    }
}
