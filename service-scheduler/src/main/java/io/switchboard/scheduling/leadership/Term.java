package io.switchboard.scheduling.leadership;

import io.switchboard.engine.Engine;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * One process's time as the leader.
 *
 * <p>Writes to the database carry the {@link #epoch} and are refused there. What goes elsewhere is preceded by {@link
 * #check}: the leader confirms its lease with the database again and again, and counts it from before it asked, on a
 * clock that goes on while the process stands still. A next leader begins only after that lease has run out.
 */
public final class Term {

    private static final int TRIES = 3;

    private final long epoch;
    private final Epochs epochs;
    private final long leaseNanos;
    private final LongSupplier nanoTime;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile long confirmedUntil;
    private volatile boolean over;
    private volatile boolean overtaken;

    /** @param begun on the same clock, from before the epoch was taken */
    Term(long epoch, Epochs epochs, Duration lease, LongSupplier nanoTime, long begun) {
        this.epoch = epoch;
        this.epochs = epochs;
        this.leaseNanos = lease.toNanos();
        this.nanoTime = nanoTime;
        this.confirmedUntil = begun + leaseNanos;
    }

    /** Greater than that of every earlier term of any process. */
    public long epoch() {
        return epoch;
    }

    /** Whether it has not ended, as far as is known without asking. */
    public boolean goesOn() {
        return !over;
    }

    /**
     * Answers if nobody else can lead at this moment. Asks the database only if that was last sure too long ago, for
     * example because the process stood still.
     *
     * @throws LeadershipLost if the term has ended, or that can't be ruled out
     * @throws org.springframework.dao.DataAccessException if the database had to be asked and gave no answer
     */
    public void check() {
        for (int i = 0; i < TRIES && !over && lapsed(); i++) {
            confirm();
        }
        if (over) {
            throw new LeadershipLost(epoch, "it has ended");
        }
        if (lapsed()) {
            throw new LeadershipLost(epoch, "the database answers too slowly to be sure of it");
        }
    }

    /** An engine that starts, stops and removes something only while nobody else can lead. */
    public Engine fence(Engine engine) {
        return new FencedEngine(engine, this);
    }

    /** Answers whether it goes on. */
    boolean confirm() {
        asking.lock();
        try {
            long asked = nanoTime.getAsLong();
            if (epochs.confirm(epoch)) {
                confirmedUntil = asked + leaseNanos;
            } else {
                overtaken = true;
                over = true;
            }
        } finally {
            asking.unlock();
        }
        return !over;
    }

    /** Whether it is over because a later one has begun. */
    boolean wasOvertaken() {
        return overtaken;
    }

    void end() {
        over = true;
    }

    private boolean lapsed() {
        return nanoTime.getAsLong() - confirmedUntil >= 0;
    }
}
