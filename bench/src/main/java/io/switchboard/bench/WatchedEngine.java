package io.switchboard.bench;

import io.switchboard.engine.Acceptance;
import io.switchboard.engine.ForwardingEngine;
import io.switchboard.engine.InMemoryEngine;
import io.switchboard.engine.InMemoryEngine.Readiness;
import io.switchboard.engine.Workload;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** The in-memory engine, which notes how long after an order was due its workload arrived. */
final class WatchedEngine extends ForwardingEngine {

    private final AtomicLongArray due;
    private final AtomicLong arrived = new AtomicLong();
    private final Histogram nanos = new ConcurrentHistogram(3);

    /** @param orders how many there will be at most */
    WatchedEngine(Clock clock, int orders) {
        super(new InMemoryEngine(Readiness.IMMEDIATE, clock));
        this.due = new AtomicLongArray(orders);
    }

    void due(int number, long nanoTime) {
        due.set(number, nanoTime);
    }

    /** Workloads that arrived so far, each counted once. */
    long arrived() {
        return arrived.get();
    }

    /** Waits until so many workloads have arrived, for a minute at most, and answers how many seconds that took. */
    double awaitArrived(long workloads) throws InterruptedException {
        long start = System.nanoTime();
        long limit = start + TimeUnit.SECONDS.toNanos(60);
        while (arrived() < workloads && System.nanoTime() < limit) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Forgets the latencies so far. */
    void reset() {
        nanos.reset();
    }

    Histogram nanos() {
        return nanos;
    }

    @Override
    public Acceptance ensure(Workload workload) {
        int number =
                OrderLoad.numberOf(workload.environment().getOrDefault("SWITCHBOARD_INSTANCE_NAME", "0".repeat(8)));
        long since = due.getAndSet(number, 0);
        if (since != 0) {
            nanos.recordValue(Math.max(0, System.nanoTime() - since));
            arrived.incrementAndGet();
        }
        return super.ensure(workload);
    }
}
