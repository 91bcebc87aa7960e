package io.switchboard.access.balancer.kamailio;

import io.switchboard.access.balancer.BalancerUnavailable;
import io.switchboard.access.balancer.DetachedProgram;
import io.switchboard.access.balancer.Installed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The kamailio executable, which runs as a {@link DetachedProgram}. */
public record KamailioProgram(Path path) {

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    /** As {@link Installed#find}. */
    public static Optional<KamailioProgram> find(String name) {
        return Installed.find(name).map(KamailioProgram::new);
    }

    /** @throws BalancerUnavailable if Kamailio refuses the file, with what it says */
    void check(Path file) {
        run(file, List.of("-c"));
    }

    /** @throws BalancerUnavailable if it doesn't come up, with what it says */
    void start(Settings settings) {
        endLeftovers(settings);
        try {
            // It doesn't start while any process has the number that is left there.
            Files.deleteIfExists(settings.pid());
        } catch (IOException e) {
            throw new BalancerUnavailable(settings.pid() + " can't be deleted: " + e.getMessage(), e);
        }
        run(
                settings.file(),
                List.of(
                        "-P",
                        settings.pid().toString(),
                        "-Y",
                        settings.directory().toString(),
                        "-m",
                        Integer.toString(settings.properties().memoryMib()),
                        // Of each process; a long list is answered from it.
                        "-M",
                        "32"));
    }

    /** The first of its processes; empty if it doesn't run. */
    Optional<ProcessHandle> running(Settings settings) {
        return DetachedProgram.running(settings.file(), settings.pid());
    }

    /** Ends it now; calls that are being set up are lost, others go on once it runs again. */
    void stop(Settings settings) {
        running(settings).ifPresent(ProcessHandle::destroy);
        if (!goneSoon(settings)) {
            endLeftovers(settings);
        }
    }

    /** Where the first process was killed, the others hold the port. */
    private static void endLeftovers(Settings settings) {
        all(settings).forEach(ProcessHandle::destroyForcibly);
        goneSoon(settings);
    }

    /** By their command lines, which end with them: the machine may take long to clear away what is left of a process. */
    private static boolean goneSoon(Settings settings) {
        long end = System.nanoTime() + STOP_PATIENCE.toNanos();
        try {
            while (all(settings).findAny().isPresent()) {
                if (System.nanoTime() > end) {
                    return false;
                }
                Thread.sleep(20);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Stream<ProcessHandle> all(Settings settings) {
        return ProcessHandle.allProcesses().filter(process -> runs(process, settings));
    }

    private static boolean runs(ProcessHandle process, Settings settings) {
        return DetachedProgram.runs(process, settings.file());
    }

    private void run(Path file, List<String> options) {
        new DetachedProgram("Kamailio", path).run(file, options, "; syslog may have more, of kamailio-switchboard");
    }
}
