package io.switchboard.bench;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Processor time so far. Unlike a latency it hardly depends on what else the machine does.
 *
 * @param ours of this process: services, broker, and the load
 * @param database of the database server
 */
record CpuTime(Duration ours, Duration database) {

    /** @param database the database server's main process, if it is on this machine */
    static CpuTime now(Optional<ProcessHandle> database) {
        return new CpuTime(
                of(ProcessHandle.current()),
                database.stream()
                        .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()))
                        .map(CpuTime::of)
                        .reduce(Duration.ZERO, Duration::plus));
    }

    private static Duration of(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    CpuTime since(CpuTime earlier) {
        return new CpuTime(ours.minus(earlier.ours), database.minus(earlier.database));
    }

    String per(long orders) {
        return String.format(
                Locale.ROOT,
                "%.2f ms in this JVM (services, broker, load), %.2f ms in the database",
                ours.toNanos() / 1e6 / orders,
                database.toNanos() / 1e6 / orders);
    }
}
