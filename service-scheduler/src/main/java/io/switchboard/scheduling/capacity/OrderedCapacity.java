package io.switchboard.scheduling.capacity;

/**
 * What an order's plan carries at its busiest, for those who follow the load in between.
 *
 * @param tasks that the plan takes, spare ones included, at least 1
 * @param calls at once that it is for, 0 or more
 * @param spareTasks tasks of these that may be lost without anyone noticing
 * @param minTasks the fewest that carry calls, at least 1
 * @param maxTasks the most that the tenant's plan allows, spare ones included
 */
public record OrderedCapacity(int tasks, double calls, int spareTasks, int minTasks, int maxTasks) {

    /** The fewest tasks there may be, spare ones included. */
    public int fewestTasks() {
        return minTasks + spareTasks;
    }

    /** Calls at once that each of its tasks is planned with; 0 if it is for none. */
    public double callsPerTask() {
        return calls / Math.max(1, tasks - spareTasks);
    }
}
