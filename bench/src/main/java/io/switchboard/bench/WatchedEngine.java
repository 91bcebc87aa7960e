package io.switchboard.bench;

import io.switchboard.engine.Acceptance;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.InMemoryEngine;
import io.switchboard.engine.InMemoryEngine.Readiness;
import io.switchboard.engine.Task;
import io.switchboard.engine.Usage;
import io.switchboard.engine.Workload;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** The in-memory engine, which notes how long after an order was due its workload arrived. */
final class WatchedEngine implements Engine {

    private final InMemoryEngine engine;
    private final AtomicLongArray due;
    private final AtomicLong arrived = new AtomicLong();
    private final Histogram nanos = new ConcurrentHistogram(3);

    /** @param orders how many there will be at most */
    WatchedEngine(Clock clock, int orders) {
        this.engine = new InMemoryEngine(Readiness.IMMEDIATE, clock);
        this.due = new AtomicLongArray(orders);
    }

    void due(int number, long nanoTime) {
        due.set(number, nanoTime);
    }

    /** Workloads that arrived so far, each counted once. */
    long arrived() {
        return arrived.get();
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
        return engine.ensure(workload);
    }

    @Override
    public void lead(long epoch) {
        engine.lead(epoch);
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public Set<Capability> capabilities() {
        return engine.capabilities();
    }

    @Override
    public void stopTasks(String workload, Set<String> taskIds) {
        engine.stopTasks(workload, taskIds);
    }

    @Override
    public void remove(String workload) {
        engine.remove(workload);
    }

    @Override
    public List<Task> tasks(String workload) {
        return engine.tasks(workload);
    }

    @Override
    public Optional<String> shortfall(String workload) {
        return engine.shortfall(workload);
    }

    @Override
    public Set<String> workloads() {
        return engine.workloads();
    }

    @Override
    public Optional<Usage> usage(String taskId) {
        return engine.usage(taskId);
    }

    @Override
    public List<String> logTail(String taskId, int lines) {
        return engine.logTail(taskId, lines);
    }

    @Override
    public void onChange(ChangeListener listener) {
        engine.onChange(listener);
    }
}
