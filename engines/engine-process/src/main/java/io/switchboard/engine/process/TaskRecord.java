package io.switchboard.engine.process;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.switchboard.engine.PortRange;
import io.switchboard.engine.supervision.Launch;
import java.util.Map;

/**
 * What is kept of a task on disk.
 *
 * @param media its blocks of ports for media, by the name of the workload's port
 * @param pid its first process, which leads its session; 0 while it is not known to be started
 * @param startTicks when that process began, in clock ticks since boot: a pid alone may be someone else's by now
 */
record TaskRecord(
        Launch launch,
        String workload,
        int memoryMib,
        Map<String, Integer> ports,
        // Absent in what earlier versions wrote.
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, PortRange> media,
        long pid,
        long startTicks) {

    TaskRecord {
        ports = Map.copyOf(ports);
        media = Map.copyOf(media);
    }

    String id() {
        return launch.taskId();
    }

    TaskRecord startedAs(ProcessStat process) {
        return new TaskRecord(launch, workload, memoryMib, ports, media, process.pid(), process.startTicks());
    }

    boolean isStarted() {
        return pid != 0;
    }
}
