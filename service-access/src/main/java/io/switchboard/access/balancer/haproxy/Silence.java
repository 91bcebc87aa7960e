package io.switchboard.access.balancer.haproxy;

import java.time.Duration;

/**
 * Tells an HAProxy that is stuck from one that is slow. Under load an answer may well be late, and what is ended for that takes all
 * its calls with it; so it must have left several questions unanswered, and for a long time.
 */
final class Silence {

    /** At least; who asks seldom must not take a late answer for a long silence. */
    static final int QUESTIONS = 5;

    private final Duration patience;
    private int unanswered;
    private long since;

    /** @param patience how long it may be silent, however often it is asked */
    Silence(Duration patience) {
        this.patience = patience;
    }

    /** There was an answer. */
    void end() {
        unanswered = 0;
    }

    /**
     * There was none.
     *
     * @param now by {@link System#nanoTime}
     * @return whether it is stuck
     */
    boolean goesOn(long now) {
        if (unanswered == 0) {
            since = now;
        }
        unanswered++;
        return unanswered >= QUESTIONS && now - since >= patience.toNanos();
    }

    /** How many questions in a row had no answer. */
    int unanswered() {
        return unanswered;
    }

    /** Since the first of them was given up. */
    Duration lasting(long now) {
        return unanswered == 0 ? Duration.ZERO : Duration.ofNanos(now - since);
    }
}
