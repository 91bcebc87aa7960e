package io.switchboard.access.balancer.haproxy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.access.balancer.BalancerUnavailable;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers from before a reload: they take nothing new, and each ends when the last call that it holds does. They are never told to
 * end, because that would cut their calls; so a reload that would leave one more than there may be has to wait.
 */
final class OldWorkers {

    private static final Logger log = LoggerFactory.getLogger(OldWorkers.class);

    private final RuntimeApi api;
    private final Path master;
    private final int most;
    private volatile List<Worker> seen = List.of();

    /**
     * @param master HAProxy's socket that tells of its processes
     * @param most how many there may be
     */
    OldWorkers(RuntimeApi api, Path master, int most, MeterRegistry meters) {
        this.api = api;
        this.master = master;
        this.most = most;
        Gauge.builder("access.workers.old", this::count)
                .description("workers of HAProxy from before a reload, which still hold connections;"
                        + " access.haproxy.most-old-workers is the end")
                .register(meters);
        Gauge.builder("access.workers.old.connections", this::connections)
                .description("connections that they hold")
                .register(meters);
    }

    private record Worker(String pid, long connections) {

        @Override
        public String toString() {
            return pid + " (" + connections + ")";
        }
    }

    /** As of the last look. */
    int count() {
        return seen.size();
    }

    /** That they held at the last look. */
    long connections() {
        return seen.stream().mapToLong(Worker::connections).sum();
    }

    /**
     * Looks whether one more may stay behind; any thread may.
     *
     * @throws BalancerUnavailable if HAProxy's master gives no answer
     */
    synchronized boolean leaveRoom() {
        var before = pids(seen);
        seen = pids(api.lastLine(master, "show proc")).stream()
                .map(pid -> new Worker(pid, connections(pid)))
                .toList();
        if (!pids(seen).equals(before)) {
            log.info("{} old workers of HAProxy hold {} connections: {}", count(), connections(), seen);
            if (count() >= most) {
                log.warn(
                        "HAProxy has as many old workers as access.haproxy.most-old-workers lets it, {}; routes that need"
                                + " a reload wait until one has ended",
                        most);
            }
        }
        return count() < most;
    }

    private long connections(String pid) {
        try {
            return Long.parseLong(RuntimeApi.info(api.lastLine(master, "@!" + pid + " show info"))
                    .getOrDefault("CurrConns", "0"));
        } catch (BalancerUnavailable e) {
            // It has just ended, most likely; the next look shows it.
            return 0;
        }
    }

    private static List<String> pids(List<Worker> workers) {
        return workers.stream().map(Worker::pid).toList();
    }

    /** Of the old workers that {@code show proc} lists, each a line of number, type, reloads since, age and version. */
    static List<String> pids(String answer) {
        return answer.lines()
                .dropWhile(line -> !line.startsWith("# old workers"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .map(line -> line.strip().split("\\s+"))
                .filter(row -> row.length > 1 && row[1].equals("worker"))
                .map(row -> row[0])
                .toList();
    }
}
