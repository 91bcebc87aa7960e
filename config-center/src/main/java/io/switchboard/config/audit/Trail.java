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
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
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

    /** Of those, of one tenant. */
    static final int MOST_OPEN_OF_TENANT = 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int AT_ONCE = 500;
    private static final int WRITERS = 2;

    /** Of calls that were refused before they began, in a minute. They have no effect, so somebody could make any number of them. */
    static final int MOST_REFUSED = 1_000;

    /** Of those, of one tenant. */
    static final int MOST_REFUSED_OF_TENANT = 200;

    private final AuditTable table;
    private final @Nullable GroupCommit<Call, Long> beginning;
    private final Slots slots = new Slots(MOST_OPEN_OF_TENANT, MOST_OPEN);
    private final BlockingQueue<End> waiting = new LinkedBlockingQueue<>();
    private final List<End> writing = new ArrayList<>();
    private final Counter leftOut;
    private boolean silent;
    private Instant minute = Instant.MIN;
    private Slots refusedInMinute = new Slots(MOST_REFUSED_OF_TENANT, MOST_REFUSED);

    /**
     * An entry that has no end yet.
     *
     * @param share whose slot it has
     */
    record Open(long sequence, Optional<String> share) {}

    private sealed interface End {

        Optional<String> share();
    }

    /** An entry with its end. */
    record Ended(Open open, Result result) implements End {

        @Override
        public Optional<String> share() {
            return open.share();
        }
    }

    /** An entry that is all written at once. */
    record Refused(Call call, Result result) implements End {

        @Override
        public Optional<String> share() {
            return call.share();
        }
    }

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
        Gauge.builder("switchboard.config.audit.open", slots, Slots::taken)
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
     * Answers once the entry is durable. Whoever gets one says {@link #end}.
     *
     * @throws Problem {@link RequestProblem#UNAVAILABLE} if it is not durable, {@link RequestProblem#TOO_MANY_REQUESTS} if the tenant
     *     has too many under way; the call must not have its effect
     */
    Open begin(Call call) {
        if (beginning == null) {
            throw new IllegalStateException("The config center has no database");
        }
        Optional<String> share = call.share();
        if (!slots.take(share)) {
            throw share.isPresent() && slots.taken() < MOST_OPEN ? tooMany() : unavailable();
        }
        boolean begun = false;
        try {
            long sequence = beginning.commit(call, PATIENCE);
            begun = true;
            return new Open(sequence, share);
        } catch (RejectedExecutionException | GroupCommit.Unfinished e) {
            throw unavailable();
        } finally {
            if (!begun) {
                slots.giveBack(share);
            }
        }
    }

    private static Problem unavailable() {
        return new Problem(
                RequestProblem.UNAVAILABLE,
                "The audit can't be written at the moment, and nothing is done that has no entry in it.");
    }

    private static Problem tooMany() {
        return new Problem(
                RequestProblem.TOO_MANY_REQUESTS,
                "The tenant has " + MOST_OPEN_OF_TENANT + " calls under way that the audit records, the most.");
    }

    void end(Open open, Result result) {
        waiting.add(new Ended(open, result));
    }

    /** Of a call that was refused before it began. */
    void refused(Call call, Result result) {
        if (counted(call) && slots.take(call.share())) {
            waiting.add(new Refused(call, result));
        } else {
            leftOut.increment();
        }
    }

    private synchronized boolean counted(Call call) {
        if (call.at().isAfter(minute)) {
            minute = call.at().plusSeconds(60);
            refusedInMinute = new Slots(MOST_REFUSED_OF_TENANT, MOST_REFUSED);
        }
        return refusedInMinute.take(call.share());
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
                writing.forEach(end -> slots.giveBack(end.share()));
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
