package io.switchboard.engine.process;

import io.switchboard.engine.supervision.Launch;
import java.util.Map;

/**
 * What is kept of a task on disk.
 *
 * @param pid its first process, which leads its session; 0 while it is not known to be started
 * @param startTicks when that process began, in clock ticks since boot: a pid alone may be someone else's by now
 */
record TaskRecord(
        Launch launch, String workload, int memoryMib, Map<String, Integer> ports, long pid, long startTicks) {

    TaskRecord {
        ports = Map.copyOf(ports);
    }

    String id() {
        return launch.taskId();
    }

    TaskRecord startedAs(ProcessStat process) {
        return new TaskRecord(launch, workload, memoryMib, ports, process.pid(), process.startTicks());
    }

    boolean isStarted() {
        return pid != 0;
    }
}
