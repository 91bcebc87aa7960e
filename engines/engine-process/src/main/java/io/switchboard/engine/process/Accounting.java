package io.switchboard.engine.process;

import io.switchboard.engine.Usage;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What tasks use: CPU time and memory of all processes in a task's session. */
final class Accounting {

    private final Proc proc;
    private final Clock clock;
    private final Map<String, Measured> measured = new ConcurrentHashMap<>();

    /** @param usage empty at the first look, which has nothing to compare with */
    private record Measured(long cpuTicks, long nanos, int memoryMib, Optional<Usage> usage) {}

    Accounting(Proc proc, Clock clock) {
        this.proc = proc;
        this.clock = clock;
    }

    /** Measures these tasks and forgets all others. */
    void measure(List<TaskRecord> running) {
        Map<Long, List<ProcessStat>> sessions = new HashMap<>();
        for (ProcessStat process : running.isEmpty() ? List.<ProcessStat>of() : proc.all()) {
            sessions.computeIfAbsent(process.session(), session -> new ArrayList<>())
                    .add(process);
        }
        Map<String, Measured> now = new HashMap<>();
        for (TaskRecord task : running) {
            List<ProcessStat> processes = sessions.getOrDefault(task.pid(), List.of());
            if (!processes.isEmpty()) {
                now.put(task.id(), measure(processes, measured.get(task.id())));
            }
        }
        measured.putAll(now);
        measured.keySet().retainAll(now.keySet());
    }

    Optional<Usage> usage(String taskId) {
        return Optional.ofNullable(measured.get(taskId)).flatMap(Measured::usage);
    }

    /** 0 if it was not measured yet. */
    int memoryMib(String taskId) {
        return Optional.ofNullable(measured.get(taskId))
                .map(Measured::memoryMib)
                .orElse(0);
    }

    private Measured measure(List<ProcessStat> processes, @Nullable Measured before) {
        long ticks = 0;
        long kib = 0;
        for (ProcessStat process : processes) {
            ticks += process.cpuTicks();
            kib += proc.memoryKib(process.pid());
        }
        long nanos = System.nanoTime();
        int mib = (int) (kib / 1024);
        if (before == null) {
            return new Measured(ticks, nanos, mib, Optional.empty());
        }
        int millis = cpuMillis(ticks - before.cpuTicks(), nanos - before.nanos());
        return new Measured(ticks, nanos, mib, Optional.of(new Usage(millis, mib, Instant.now(clock))));
    }

    /** Fewer ticks than before happen when a child ends that nobody waited for. */
    static int cpuMillis(long ticks, long nanos) {
        if (ticks <= 0 || nanos <= 0) {
            return 0;
        }
        return (int) Math.round(ticks * 1000.0 / Proc.TICKS_PER_SECOND / (nanos / 1e9));
    }
}
