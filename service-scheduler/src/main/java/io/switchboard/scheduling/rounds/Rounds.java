package io.switchboard.scheduling.rounds;

import io.switchboard.engine.EngineUnavailable;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Does one thing again and again, on a thread of its own; a round that meets trouble is made up for by the next. */
public final class Rounds implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Rounds.class);

    /** For a round to notice that it is broken off. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final String name;
    private final Duration first;
    private final Duration every;
    private final Runnable round;
    private volatile @Nullable ScheduledExecutorService rounds;

    /** @param every time from the end of a round to the begin of the next; the first begins at once */
    public Rounds(String name, Duration every, Runnable round) {
        this(name, Duration.ZERO, every, round);
    }

    /**
     * @param first time until the first round begins
     * @param every time from the end of a round to the begin of the next
     */
    public Rounds(String name, Duration first, Duration every, Runnable round) {
        this.name = name;
        this.first = first;
        this.every = every;
        this.round = round;
    }

    private void unlessTrouble() {
        try {
            round.run();
        } catch (RuntimeException e) {
            // What a round that is broken off says is no news.
            if (isRunning()) {
                tell(e);
            }
        }
    }

    private void tell(RuntimeException trouble) {
        if (trouble instanceof DataAccessException
                || trouble instanceof TransactionException
                || trouble instanceof EngineUnavailable) {
            log.warn("{} waits for its next round: {}", name, trouble.getMessage());
        } else {
            log.error("{} failed, the next round tries again", name, trouble);
        }
    }

    @Override
    public void start() {
        var fresh = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
        rounds = fresh;
        fresh.scheduleWithFixedDelay(this::unlessTrouble, first.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        end();
    }

    /** Begins no more rounds and breaks off the one that runs; answers whether it has ended. */
    public boolean end() {
        var running = rounds;
        rounds = null;
        if (running == null) {
            return true;
        }
        running.shutdownNow();
        try {
            return running.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public boolean isRunning() {
        return rounds != null;
    }
}
