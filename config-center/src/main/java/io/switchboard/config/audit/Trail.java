package io.switchboard.config.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.batching.GroupCommit;
import io.switchboard.batching.Pace;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Entries of the audit, if there is a database for them. A call has its effect only once its entry is durable; how it ended is written
 * soon after, with that of others.
 */
@Component
class Trail implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Trail.class);

    /** Calls under way, and those whose end is not written yet. */
    static final int MOST_OPEN = 5_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int AT_ONCE = 500;
    private static final int WRITERS = 2;

    /** Of calls that were refused before they began, in a minute. They have no effect, so somebody could make any number of them. */
    static final int MOST_REFUSED = 1_000;

    private final AuditTable table;
    private final @Nullable GroupCommit<Call, Long> beginning;
    private final Semaphore free = new Semaphore(MOST_OPEN);
    private final BlockingQueue<End> waiting = new LinkedBlockingQueue<>();
    private final List<End> writing = new ArrayList<>();
    private final Counter leftOut;
    private boolean silent;
    private Instant minute = Instant.MIN;
    private int refusedInMinute;

    private sealed interface End {}

    /** An entry with its end. */
    record Ended(long sequence, Result result) implements End {}

    /** An entry that is all written at once. */
    record Refused(Call call, Result result) implements End {}

    Trail(AuditTable table, MeterRegistry meters) {
        this.table = table;
        this.beginning = table.isPresent()
                ? new GroupCommit<>(
                        "config-audit",
                        WRITERS,
                        AT_ONCE,
                        MOST_OPEN,
                        Pace.RESTLESS,
                        Problem.class::isInstance,
                        table::begin)
                : null;
        Gauge.builder("switchboard.config.audit.open", free, slots -> MOST_OPEN - slots.availablePermits())
                .description("calls under way, and those whose end is not written yet")
                .register(meters);
        leftOut = Counter.builder("switchboard.config.audit.left.out")
                .description("calls that were refused before they began, and that have no entry as there were too many")
                .register(meters);
        if (beginning == null) {
            log.warn("changes are not kept for GET /api/v1/config-audit: config.history.url is not set");
        }
    }

    boolean isPresent() {
        return beginning != null;
    }

    /**
     * Answers the entry's number once it is durable. Whoever gets one says {@link #end}.
     *
     * @throws Problem {@link RequestProblem#UNAVAILABLE} if it is not durable, so that the call must not have its effect
     */
    long begin(Call call) {
        if (beginning == null) {
            throw new IllegalStateException("The config center has no database");
        }
        if (!free.tryAcquire()) {
            throw unavailable();
        }
        boolean begun = false;
        try {
            long sequence = beginning.commit(call, PATIENCE);
            begun = true;
            return sequence;
        } catch (RejectedExecutionException | GroupCommit.Unfinished e) {
            throw unavailable();
        } finally {
            if (!begun) {
                free.release();
            }
        }
    }

    private static Problem unavailable() {
        return new Problem(
                RequestProblem.UNAVAILABLE,
                "The audit can't be written at the moment, and nothing is done that has no entry in it.");
    }

    void end(long sequence, Result result) {
        waiting.add(new Ended(sequence, result));
    }

    /** Of a call that was refused before it began. */
    void refused(Call call, Result result) {
        if (counted(call.at()) && free.tryAcquire()) {
            waiting.add(new Refused(call, result));
        } else {
            leftOut.increment();
        }
    }

    private synchronized boolean counted(Instant at) {
        if (at.isAfter(minute)) {
            minute = at.plusSeconds(60);
            refusedInMinute = 0;
        }
        return ++refusedInMinute <= MOST_REFUSED;
    }

    /** Writes what waits. What can't be written now waits on. */
    @Scheduled(fixedDelayString = "PT0.1S")
    void write() {
        synchronized (writing) {
            while (writing.addAll(some()) || !writing.isEmpty()) {
                try {
                    writeSome();
                } catch (Problem e) {
                    if (!silent) {
                        log.warn("ends of calls wait for the database of the audit: {}", e.detail());
                    }
                    silent = true;
                    return;
                }
                silent = false;
                free.release(writing.size());
                writing.clear();
            }
        }
    }

    private List<End> some() {
        List<End> some = new ArrayList<>();
        waiting.drainTo(some, AT_ONCE - writing.size());
        return some;
    }

    private void writeSome() {
        List<Ended> ended = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        for (End one : writing) {
            switch (one) {
                case Ended end -> ended.add(end);
                case Refused refusal -> refused.add(refusal);
            }
        }
        if (!ended.isEmpty()) {
            table.end(ended);
        }
        if (!refused.isEmpty()) {
            table.add(refused);
        }
    }

    @Override
    public void close() {
        if (beginning != null) {
            beginning.close();
            write();
        }
    }
}
