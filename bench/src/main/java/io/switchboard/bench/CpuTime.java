package io.switchboard.bench;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Processor time so far. Unlike a latency it hardly depends on what else the machine does.
 *
 * @param ours of this process: services and load
 * @param server of a server beside it
 */
record CpuTime(Duration ours, Duration server) {

    /** @param server its main process, if it is on this machine */
    static CpuTime now(Optional<ProcessHandle> server) {
        return new CpuTime(
                of(ProcessHandle.current()),
                server.stream()
                        .flatMap(main -> Stream.concat(Stream.of(main), main.descendants()))
                        .map(CpuTime::of)
                        .reduce(Duration.ZERO, Duration::plus));
    }

    private static Duration of(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    CpuTime since(CpuTime earlier) {
        return new CpuTime(ours.minus(earlier.ours), server.minus(earlier.server));
    }

    double oursMillisPer(long count) {
        return ours.toNanos() / 1e6 / count;
    }

    double serverMillisPer(long count) {
        return server.toNanos() / 1e6 / count;
    }

    String perOrder(long orders) {
        return String.format(
                Locale.ROOT,
                "%.2f ms in this JVM (services, broker, load), %.2f ms in the database",
                oursMillisPer(orders),
                serverMillisPer(orders));
    }
}
