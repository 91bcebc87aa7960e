package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.balancer.BalancerUnavailable;
import io.switchboard.access.balancer.DetachedProgram;
import io.switchboard.access.balancer.Installed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The haproxy executable, which runs as a {@link DetachedProgram}. */
public record HaproxyProgram(Path path) {

    private static final Logger log = LoggerFactory.getLogger(HaproxyProgram.class);

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

    /**
     * The master that was started with this configuration; empty if it doesn't run. HAProxy takes its number away at each reload
     * before it writes it again, so one that isn't found by it is looked for among all processes.
     */
    Optional<ProcessHandle> running(ConfigFile config) {
        return DetachedProgram.running(config.file(), config.pidFile())
                .or(() -> detached().firstOf(config.file()));
    }

    /** Ends it now; connections are cut. */
    void stop(ConfigFile config) {
        running(config).ifPresent(master -> {
            // A worker that is stuck doesn't notice that its master has ended, and would keep its sockets.
            var all = Stream.concat(master.descendants(), Stream.of(master)).toList();
            master.destroy();
            if (!end(all)) {
                log.warn("HAProxy (pid {}) doesn't end and is killed", master.pid());
                all.forEach(ProcessHandle::destroyForcibly);
                end(all);
            }
        });
    }

    /** Whether they do so in time. */
    private static boolean end(List<ProcessHandle> processes) {
        try {
            CompletableFuture.allOf(
                            processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(5, TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private void run(Path file, List<String> options) {
        detached().run(file, options, "");
    }

    private DetachedProgram detached() {
        return new DetachedProgram("HAProxy", path);
    }
}
