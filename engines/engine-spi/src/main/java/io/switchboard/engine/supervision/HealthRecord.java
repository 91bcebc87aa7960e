package io.switchboard.engine.supervision;

import java.time.Duration;
import java.time.Instant;

/**
 * What a task's health checks have shown so far.
 *
 * @param failures that count, in a row
 * @param readyFor from the first pass to the last one
 * @param lastFailure in plain words; empty if the last check passed or there was none
 */
record HealthRecord(boolean wasReady, int failures, Instant readySince, Duration readyFor, String lastFailure) {

    static final HealthRecord NONE = new HealthRecord(false, 0, Instant.EPOCH, Duration.ZERO, "");

    private static final int UNHEALTHY_AFTER = 3;

    enum Verdict {
        STARTING,
        READY,
        UNHEALTHY,
        /** To be replaced. */
        LOST
    }

    HealthRecord passed(Instant at) {
        Instant since = wasReady ? readySince : at;
        return new HealthRecord(true, 0, since, Duration.between(since, at), "");
    }

    /** @param starting whether the task's start grace goes on: until it was ready once, failures don't count */
    HealthRecord failed(String why, boolean starting) {
        int counted = wasReady || !starting ? failures + 1 : failures;
        return new HealthRecord(wasReady, counted, readySince, readyFor, why);
    }

    Verdict verdict() {
        if (!wasReady) {
            return failures >= UNHEALTHY_AFTER ? Verdict.LOST : Verdict.STARTING;
        }
        if (failures < UNHEALTHY_AFTER) {
            return Verdict.READY;
        }
        return failures < 2 * UNHEALTHY_AFTER ? Verdict.UNHEALTHY : Verdict.LOST;
    }

    String why() {
        return failures > 1 ? lastFailure + ", " + failures + " times in a row" : lastFailure;
    }
}
