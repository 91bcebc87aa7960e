package io.switchboard.batching;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long to rest after a batch, so that more gathers for the next one. A transaction costs processor time mostly for
 * itself and little for each of its members; under load a few large ones leave much more of the machine to everybody.
 *
 * <p>The rest is one millisecond for each member of the last batch, up to a limit. So it follows the load by itself: one
 * member now and then is hardly held up, and where a thousand come in a second the batches grow until the limit.
 *
 * @param most the longest rest; zero for none
 */
public record Pace(Duration most) {

    private static final long NANOS_PER_MEMBER = TimeUnit.MILLISECONDS.toNanos(1);

    /** No rest at all. */
    public static final Pace RESTLESS = new Pace(Duration.ZERO);

    public Pace {
        if (most.isNegative()) {
            throw new IllegalArgumentException("a rest is at least zero but the most is " + most);
        }
    }

    /** The rest after a batch of so many. */
    public Duration after(int members) {
        return Duration.ofNanos(Math.min(most.toNanos(), members * NANOS_PER_MEMBER));
    }

    /** Rests after a batch of so many; an interrupt ends it. */
    public void rest(int members) {
        long nanos = after(members).toNanos();
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        }
    }
}
