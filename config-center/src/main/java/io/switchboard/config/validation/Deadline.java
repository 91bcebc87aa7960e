package io.switchboard.config.validation;

import java.time.Duration;

/**
 * Until when something may go on, however much of it is left.
 *
 * @param end as {@link System#nanoTime} has it
 */
public record Deadline(long end) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    public boolean isOver() {
        return System.nanoTime() - end > 0;
    }

    /** The same, or sooner. */
    Deadline within(Duration time) {
        Deadline other = in(time);
        return other.end - end < 0 ? other : this;
    }
}
