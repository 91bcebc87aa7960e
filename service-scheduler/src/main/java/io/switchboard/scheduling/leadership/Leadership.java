package io.switchboard.scheduling.leadership;

import io.switchboard.scheduling.leadership.Epochs.Taken;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Stands for election, and begins and ends the terms of this process. Being chosen is only the right to begin an epoch;
 * the epoch is what counts, and it may be overtaken at any time.
 */
final class Leadership implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Leadership.class);

    private static final Duration RETRY = Duration.ofSeconds(1);
    /** More than the work takes to stop. */
    private static final Duration STOP = Duration.ofSeconds(20);

    /** This process's part. */
    sealed interface Role {
        record Leads(long epoch) implements Role {}

        /** Another leads, or nobody does yet. */
        record Stands() implements Role {}

        /** Another scheduler began a later epoch than this one's, and nothing elects between the two. */
        record Overtaken(long epoch) implements Role {}
    }

    private final Election election;
    private final Epochs epochs;
    private final TermListener listener;
    private final Duration lease;
    private final String name;
    private final LongSupplier nanoTime;
    private final Election.Candidate candidate = new Election.Candidate() {
        @Override
        public void chosen() {
            long mandate = mandates.incrementAndGet();
            onThread(() -> begin(mandate));
        }

        @Override
        public void deposed() {
            revoke();
            onThread(() -> close("another may lead"));
        }
    };
    /** Grows whenever this process is chosen or deposed; only the last mandate is good for a term. */
    private final AtomicLong mandates = new AtomicLong();

    private volatile Role role = new Role.Stands();
    private volatile @Nullable Term term;
    private volatile @Nullable ScheduledExecutorService thread;

    /**
     * @param name of this process, for people
     * @param nanoTime a clock that goes on while the process stands still
     */
    Leadership(
            Election election,
            Epochs epochs,
            TermListener listener,
            Duration lease,
            String name,
            LongSupplier nanoTime) {
        this.election = election;
        this.epochs = epochs;
        this.listener = listener;
        this.lease = lease;
        this.name = name;
        this.nanoTime = nanoTime;
    }

    Role role() {
        return role;
    }

    @Override
    public void start() {
        var fresh = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("leadership").daemon().factory());
        thread = fresh;
        long every = Math.max(1, lease.toMillis() / 3);
        fresh.scheduleWithFixedDelay(this::confirm, every, every, TimeUnit.MILLISECONDS);
        election.stand(candidate);
    }

    @Override
    public void stop() {
        var running = thread;
        thread = null;
        if (running == null) {
            return;
        }
        revoke();
        try {
            running.submit(() -> close("this scheduler stops")).get(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("what was done for the term may not have ended: {}", e.toString());
        }
        running.shutdownNow();
        // Last, so that the next one is chosen only when it has nothing to wait for.
        election.withdraw();
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Whatever is begun for the term is refused from here on. */
    private void revoke() {
        mandates.incrementAndGet();
        var running = term;
        if (running != null) {
            running.end();
        }
    }

    private void onThread(Runnable task) {
        later(task, Duration.ZERO);
    }

    private void later(Runnable task, Duration pause) {
        var running = thread;
        if (running != null) {
            try {
                running.schedule(() -> unlessDefect(task), pause.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                log.debug("the scheduler stops already");
            }
        }
    }

    /** Nobody looks at what becomes of a task that is run once. */
    private static void unlessDefect(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("a step of an election failed", e);
        }
    }

    // --- on one thread, so that one term has ended before the next begins

    private void begin(long mandate) {
        if (mandates.get() != mandate) {
            return;
        }
        try {
            long asked = nanoTime.getAsLong();
            var taken = epochs.next(name);
            var rest = rest(taken);
            if (rest.isPositive()) {
                log.info(
                        "epoch {} begins in {} ms, when the lease of the last leader has run out",
                        taken.epoch(),
                        rest.toMillis());
            }
            later(() -> begin(mandate, new Term(taken.epoch(), epochs, lease, nanoTime, asked)), rest);
        } catch (DataAccessException | TransactionException e) {
            log.warn("this scheduler is to lead, but the database gives it no epoch: {}", e.getMessage());
            later(() -> begin(mandate), RETRY);
        }
    }

    /** How long the last leader may still act. */
    private Duration rest(Taken taken) {
        return taken.sinceConfirmed()
                .map(since -> lease.minus(since).plusMillis(1))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO);
    }

    private void begin(long mandate, Term fresh) {
        term = fresh;
        if (mandates.get() != mandate) {
            // Whoever revoked it may have seen no term to end.
            term = null;
            return;
        }
        role = new Role.Leads(fresh.epoch());
        log.info("{} leads from now on, epoch {}", name, fresh.epoch());
        try {
            listener.began(fresh);
        } catch (RuntimeException e) {
            log.error("what epoch {} is for can't begin, trying again with another", fresh.epoch(), e);
            close("it can't begin");
            later(() -> begin(mandate), RETRY);
        }
    }

    private void confirm() {
        var running = term;
        if (running == null) {
            return;
        }
        try {
            if (running.wasOvertaken() || running.goesOn() && !running.confirm()) {
                overtaken(running);
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("epoch {} can't be confirmed: {}", running.epoch(), e.getMessage());
        } catch (RuntimeException e) {
            // An exception that got out would end the confirmations for good.
            log.error("epoch {} can't be confirmed", running.epoch(), e);
        }
    }

    private void overtaken(Term running) {
        mandates.incrementAndGet();
        close("a later epoch has begun");
        election.withdraw();
        if (election.again()) {
            later(() -> election.stand(candidate), RETRY);
            return;
        }
        role = new Role.Overtaken(running.epoch());
        log.error(
                "Another scheduler began to lead with the same database, so this one does nothing but take orders. Without"
                        + " ZooKeeper there may be only one: stop one of them, or let both use ZooKeeper.");
    }

    private void close(String why) {
        var running = term;
        if (running == null) {
            return;
        }
        running.end();
        role = new Role.Stands();
        log.info("epoch {} ends for {}: {}", running.epoch(), name, why);
        boolean quiet = listener.ended(running);
        term = null;
        if (quiet) {
            giveUp(running.epoch());
        }
    }

    private void giveUp(long epoch) {
        try {
            epochs.giveUp(epoch);
        } catch (DataAccessException | TransactionException e) {
            log.info("the next leader waits until the lease of epoch {} has run out: {}", epoch, e.getMessage());
        }
    }
}
