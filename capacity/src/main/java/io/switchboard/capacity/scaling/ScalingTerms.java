package io.switchboard.capacity.scaling;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;

/**
 * What a decision must keep to.
 *
 * @param minTasks the fewest tasks, spare ones included, at least 1
 * @param maxTasks the most, not fewer than {@code minTasks}
 * @param spareTasks tasks of these that may be lost without anyone noticing, 0 or more
 * @param callsPerTask calls at once that one task of their size is planned with, more than 0
 * @param lead time until a task that is wanted now carries calls, and until the next decisions
 * @param calm how long nothing may have asked for as many tasks, and nothing may have changed, before some go
 */
public record ScalingTerms(
        int minTasks, int maxTasks, int spareTasks, double callsPerTask, Duration lead, Duration calm) {

    public ScalingTerms {
        if (minTasks < 1 || maxTasks < minTasks) {
            throw new IllegalArgumentException(
                    "minTasks must be at least 1 and at most maxTasks but were " + minTasks + ", " + maxTasks);
        }
        if (spareTasks < 0) {
            throw new IllegalArgumentException("spareTasks must not be negative but was " + spareTasks);
        }
        if (!(callsPerTask > 0) || Double.isInfinite(callsPerTask)) {
            throw new IllegalArgumentException("callsPerTask must be greater than 0 but was " + callsPerTask);
        }
    }

    /** Tasks for so many calls, spare ones included, before the limits. */
    long tasks(double calls) {
        return (long) Math.max(1, Math.ceil(calls / callsPerTask - 1e-9)) + spareTasks;
    }

    /** What tasks are planned by, as "10 calls each and 1 spare". */
    String words() {
        var calls = BigDecimal.valueOf(callsPerTask).round(new MathContext(3)).stripTrailingZeros();
        var each = calls.toPlainString() + (callsPerTask == 1 ? " call each" : " calls each");
        return spareTasks == 0 ? each : each + " and " + spareTasks + " spare";
    }

    int within(long tasks) {
        return (int) Math.clamp(tasks, minTasks, maxTasks);
    }
}
