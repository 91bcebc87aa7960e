package io.switchboard.scheduling.capacity;

import io.switchboard.contracts.scheduling.Resources;

/**
 * Tasks and their size for a load profile.
 *
 * @param concurrentCalls calls in progress at once that the plan carries
 * @param tasks how many tasks, spare ones included; at least 1
 * @param callsPerTask calls each task carries at most, with one task lost if the plan has spare tasks
 * @param perTask the size of each task
 * @param explanation how the figures came about, in words and numbers
 */
public record CapacityPlan(int concurrentCalls, int tasks, int callsPerTask, Resources perTask, String explanation) {}
