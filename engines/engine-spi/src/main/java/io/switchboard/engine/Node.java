package io.switchboard.engine;

/**
 * A machine that runs tasks.
 *
 * @param host as in {@link Task#host}
 * @param cpuMillis thousandths of a core it has in all
 * @param memoryMib mebibytes it has in all
 */
public record Node(String host, int cpuMillis, int memoryMib) {}
