package io.switchboard.engine.supervision;

import java.time.Duration;

/**
 * How long a task that keeps ending waits for its next start: twice as long each time.
 *
 * @param first after the first failure
 * @param most the longest pause
 * @param resetAfter a task that was ready for so long starts afresh: its end counts as the first failure
 */
public record Backoff(Duration first, Duration most, Duration resetAfter) {

    public static final Backoff STANDARD =
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(60));

    public Backoff {
        if (!first.isPositive() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "first must be positive and most no less, but were " + first + ", " + most);
        }
    }

    /** @param failures in a row, at least 1 */
    public Duration delay(int failures) {
        Duration delay = first;
        for (int n = 1; n < failures && delay.compareTo(most) < 0; n++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(most) < 0 ? delay : most;
    }

    /** Failures in a row once a task that had {@code before} of them has ended. */
    public int failures(int before, Duration readyFor) {
        return readyFor.compareTo(resetAfter) >= 0 ? 1 : before + 1;
    }
}
