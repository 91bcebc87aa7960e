package io.switchboard.engine.docker;

import com.github.dockerjava.api.model.CpuStatsConfig;
import com.github.dockerjava.api.model.MemoryStatsConfig;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.StatsConfig;
import io.switchboard.engine.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the daemon's figures. */
final class ContainerUsage {

    private ContainerUsage() {}

    /** Empty if there was nothing to compare with, or the container has ended. */
    static Optional<Usage> of(Statistics statistics) {
        Long now = cpuNanos(statistics.getCpuStats());
        Long before = cpuNanos(statistics.getPreCpuStats());
        String read = statistics.getRead();
        String preread = statistics.getPreread();
        MemoryStatsConfig memory = statistics.getMemoryStats();
        if (now == null || before == null || read == null || preread == null || memory == null) {
            return Optional.empty();
        }
        Long used = memory.getUsage();
        Instant at = Instant.parse(read);
        Duration interval = Duration.between(Instant.parse(preread), at);
        // The daemon says year 1 for a sample it doesn't have.
        if (used == null || !interval.isPositive() || interval.compareTo(Duration.ofMinutes(5)) > 0) {
            return Optional.empty();
        }
        int cpuMillis = (int) Math.round((now - before) * 1000.0 / interval.toNanos());
        return Optional.of(new Usage(Math.max(0, cpuMillis), (int) ((used - cache(memory)) >> 20), at));
    }

    private static @Nullable Long cpuNanos(@Nullable CpuStatsConfig cpu) {
        return cpu == null || cpu.getCpuUsage() == null
                ? null
                : cpu.getCpuUsage().getTotalUsage();
    }

    /** Files that were read and could be dropped at once; named differently by the two versions of control groups. */
    private static long cache(MemoryStatsConfig memory) {
        StatsConfig details = memory.getStats();
        if (details == null) {
            return 0;
        }
        Long first = details.getTotalInactiveFile();
        Long second = details.getInactiveFile();
        return first != null ? first : second != null ? second : 0;
    }
}
