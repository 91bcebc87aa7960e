package io.switchboard.engine;

import java.time.Instant;

/**
 * What a task used over the last measuring interval.
 *
 * @param cpuMillis thousandths of a core
 * @param memoryMib resident memory with its children
 */
public record Usage(int cpuMillis, int memoryMib, Instant at) {}
