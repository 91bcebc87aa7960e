package io.switchboard.scheduling.capacity;

/**
 * What the ordered plan allows.
 *
 * @param minTasks tasks that always run beside the spare ones, at least 1
 * @param maxTasks tasks in all, spare ones included; at least 1
 * @param spareTasks tasks beyond what the load needs, 0 or more
 */
public record PlanLimits(int minTasks, int maxTasks, int spareTasks) {

    public PlanLimits {
        if (minTasks < 1) {
            throw new IllegalArgumentException("minTasks must be at least 1 but was " + minTasks);
        }
        if (maxTasks < 1) {
            throw new IllegalArgumentException("maxTasks must be at least 1 but was " + maxTasks);
        }
        if (spareTasks < 0) {
            throw new IllegalArgumentException("spareTasks must not be negative but was " + spareTasks);
        }
    }
}
