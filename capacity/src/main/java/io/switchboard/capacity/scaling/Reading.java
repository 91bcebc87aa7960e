package io.switchboard.capacity.scaling;

import java.time.Instant;

/**
 * Calls in progress at a moment, over all tasks.
 *
 * @param calls 0 or more
 */
public record Reading(Instant at, double calls) {

    public Reading {
        if (!(calls >= 0) || Double.isInfinite(calls)) {
            throw new IllegalArgumentException("calls must not be negative but were " + calls);
        }
    }
}
