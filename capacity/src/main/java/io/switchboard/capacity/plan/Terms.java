package io.switchboard.capacity.plan;

import java.util.List;
import java.util.Optional;

/**
 * What a plan must keep to.
 *
 * @param spareTasks tasks that may be lost without anyone noticing, 0 to 10; 1 is N+1
 * @param minTasks tasks that always run beside the spare ones, at least 1
 * @param maxTasks tasks in all, spare ones included, at least 1
 * @param nodes where tasks may run; empty if there is room for whatever is asked
 * @param prices what makes one plan cheaper than another
 */
public record Terms(int spareTasks, int minTasks, int maxTasks, Optional<List<Node>> nodes, Prices prices) {

    /**
     * What resources cost, in any currency: only the proportion matters.
     *
     * @param core a core for an hour, more than 0
     * @param gib a GiB of memory for an hour, more than 0
     */
    public record Prices(double core, double gib) {

        /** A core costs as much as eight GiB. */
        public static final Prices USUAL = new Prices(1, 0.125);

        public Prices {
            if (!(core > 0) || !(gib > 0)) {
                throw new IllegalArgumentException("core and gib must be greater than 0 but were " + core + ", " + gib);
            }
        }

        double of(TaskSize task, int tasks) {
            return tasks * (core * task.cpuMillis() / 1000.0 + gib * task.memoryMib() / 1024.0);
        }
    }

    /** One spare task, as many others as are needed, on nodes that have room. */
    public static final Terms USUAL = new Terms(1, 1, 1000, Optional.empty(), Prices.USUAL);

    public Terms {
        if (spareTasks < 0 || spareTasks > 10) {
            throw new IllegalArgumentException("spareTasks must be 0 to 10 but was " + spareTasks);
        }
        if (minTasks < 1) {
            throw new IllegalArgumentException("minTasks must be at least 1 but was " + minTasks);
        }
        if (maxTasks < 1) {
            throw new IllegalArgumentException("maxTasks must be at least 1 but was " + maxTasks);
        }
        nodes = nodes.map(List::copyOf);
    }
}
