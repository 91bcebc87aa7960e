package io.switchboard.engine.process;

import io.switchboard.engine.Workload;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** What this machine has in total. */
record Machine(int cpuMillis, int memoryMib) {

    static Machine here() {
        var system = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        return new Machine(
                Runtime.getRuntime().availableProcessors() * 1000, (int) (system.getTotalMemorySize() >> 20));
    }

    /** What a task of the workload asks for beyond it, as a sentence; empty if there is enough. */
    Optional<String> lacks(Workload workload) {
        if (workload.cpuMillis() > cpuMillis) {
            return Optional.of("a task asks for " + workload.cpuMillis() + " cpuMillis, the machine has " + cpuMillis);
        }
        if (workload.memoryMib() > memoryMib) {
            return Optional.of(
                    "a task asks for " + workload.memoryMib() + " MiB of memory, the machine has " + memoryMib);
        }
        return Optional.empty();
    }
}
