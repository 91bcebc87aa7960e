package io.switchboard.engine.supervision;

import java.time.Duration;
import java.time.Instant;

/**
 * One start of a task.
 *
 * @param taskId unique for ever; each start has a new one
 * @param place which of the workload's tasks this is, from 0; a restarted task keeps its place
 * @param restarts starts of this place before this one
 * @param failures how many of these failed in a row, for the pause before the next
 * @param cause why it was started again, in plain words; empty at the first start
 * @param at when
 */
public record Launch(String taskId, int place, int restarts, int failures, String cause, Instant at) {

    private static final int MOST_DOUBLINGS = 4;

    /**
     * Until when this start may take: twice as long after each failure in a row, sixteen times as long at most. Where
     * many tasks start at once on a busy machine, those that were replaced for being slow would otherwise be replaced
     * for ever, and keep the others from starting.
     *
     * @param first how long a first start may take
     */
    Instant graceEnd(Duration first) {
        return at.plus(first.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS)));
    }
}
