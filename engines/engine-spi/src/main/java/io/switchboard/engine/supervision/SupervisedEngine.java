package io.switchboard.engine.supervision;

import com.github.f4b6a3.uuid.UuidCreator;
import io.switchboard.engine.Acceptance;
import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Acceptance.Reason;
import io.switchboard.engine.Acceptance.Refused;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.LogPart;
import io.switchboard.engine.Node;
import io.switchboard.engine.Task;
import io.switchboard.engine.Usage;
import io.switchboard.engine.Workload;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine over a {@link Runner}: finds what ran before, and gives each workload a loop that keeps it as desired.
 *
 * <p>If the runner gives no answer when the engine is made, it is asked again at the next call.
 */
public final class SupervisedEngine implements Engine {

    private static final Logger log = LoggerFactory.getLogger(SupervisedEngine.class);
    /** How long a call waits for another one that asks what ran before. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final Set<Capability> capabilities;
    private final Runner runner;
    private final HealthProber prober = new HealthProber();
    private final AllAtOnce allAtOnce = new AllAtOnce();
    private final WorkloadLoop.Surroundings surroundings;
    private final Collection<ChangeListener> listeners = new CopyOnWriteArrayList<>();

    private final AtomicReference<@Nullable CompletableFuture<Void>> recovery = new AtomicReference<>();
    private volatile boolean recovered;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    /** Names of workloads that a thread is making known. */
    private final Set<String> arriving = new HashSet<>();

    private final Map<String, WorkloadLoop> loops = new HashMap<>();
    private final Map<WorkloadLoop, Thread> threads = new HashMap<>();
    private boolean closed;

    public SupervisedEngine(String name, Set<Capability> capabilities, Runner runner, Backoff backoff, Clock clock) {
        this.name = name;
        this.capabilities = Set.copyOf(capabilities);
        this.runner = runner;
        this.surroundings = new WorkloadLoop.Surroundings(
                runner,
                prober,
                backoff,
                clock,
                allAtOnce,
                at -> UuidCreator.getTimeOrderedEpoch(at).toString(),
                this::tell);
        runner.onHint(this::wakeUp);
        try {
            recover();
        } catch (EngineUnavailable e) {
            log.warn("{}; it is asked again at the next call", e.getMessage());
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Node> nodes() {
        return List.of(runner.node());
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public Acceptance ensure(Workload workload) {
        recover();
        WorkloadLoop known = loop(workload.name());
        if (known == null) {
            Optional<Refused> refusal = workload.contradiction()
                    .map(why -> new Refused(Reason.INVALID, why))
                    .or(() -> runner.refusal(workload));
            if (refusal.isPresent()) {
                return refusal.get();
            }
        }
        return admit(workload);
    }

    /** The runner is called without the engine's lock, so that a slow answer to one workload holds up no other. */
    private Acceptance admit(Workload workload) {
        while (true) {
            WorkloadLoop loop = arrive(workload.name());
            if (loop == null) {
                return begin(workload);
            }
            // Another thread may have made it known meanwhile; then that one counts.
            if (!loop.desired().workload().differsAtMostInTasks(workload)) {
                return new Refused(
                        Reason.INVALID,
                        "a different workload runs or still stops under the name " + workload.name()
                                + "; use a new name");
            }
            if (loop.change(desired -> desired.withWorkload(workload))) {
                return new Accepted();
            }
        }
    }

    /** The loop there is; or null, and then only this thread may begin one until it calls {@link #begin}. */
    private @Nullable WorkloadLoop arrive(String workload) {
        return this.<@Nullable WorkloadLoop>locked(() -> {
            while (arriving.contains(workload)) {
                arrived.awaitUninterruptibly();
            }
            WorkloadLoop loop = loops.get(workload);
            if (loop != null && !loop.isOver()) {
                return loop;
            }
            arriving.add(workload);
            return null;
        });
    }

    private Acceptance begin(Workload workload) {
        try {
            Desired desired = Desired.of(workload);
            runner.keep(desired);
            locked(() -> {
                checkOpen();
                watchOver(desired);
                return true;
            });
            return new Accepted();
        } finally {
            locked(() -> {
                arriving.remove(workload.name());
                arrived.signalAll();
                return true;
            });
        }
    }

    @Override
    public void stopTasks(String workload, Set<String> taskIds) {
        recover();
        WorkloadLoop loop = loop(workload);
        if (loop != null) {
            loop.change(desired -> {
                Set<String> wanted = loop.wanted(desired, taskIds);
                return wanted.isEmpty() ? desired : desired.without(wanted);
            });
        }
    }

    @Override
    public void remove(String workload) {
        recover();
        WorkloadLoop loop = loop(workload);
        if (loop != null) {
            loop.change(desired -> desired.removed() ? desired : desired.asRemoved(loop.current()));
        }
    }

    @Override
    public List<Task> tasks(String workload) {
        recover();
        WorkloadLoop loop = loop(workload);
        return loop == null ? List.of() : loop.view();
    }

    @Override
    public Set<String> workloads() {
        recover();
        return locked(() -> {
            loops.values().removeIf(WorkloadLoop::isOver);
            return Set.copyOf(loops.keySet());
        });
    }

    @Override
    public Optional<Usage> usage(String taskId) {
        recover();
        return runner.usage(taskId);
    }

    @Override
    public List<String> logTail(String taskId, int lines) {
        recover();
        return lines <= 0 ? List.of() : runner.logTail(taskId, lines);
    }

    @Override
    public LogPart logAfter(String taskId, Optional<String> after, int lines) {
        recover();
        return runner.logAfter(taskId, after, lines);
    }

    @Override
    public void onChange(ChangeListener listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        Collection<Thread> running = locked(() -> {
            closed = true;
            threads.keySet().forEach(WorkloadLoop::end);
            return List.copyOf(threads.values());
        });
        running.forEach(SupervisedEngine::awaitEnd);
        prober.close();
        allAtOnce.close();
        runner.close();
    }

    private static void awaitEnd(Thread thread) {
        try {
            if (!thread.join(Duration.ofSeconds(10))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Finds what ran before, once. While one thread asks the runner, others wait for its answer rather than ask as well:
     * a runner that is silent for half a minute must not cost each of them that, one after another.
     *
     * @throws EngineUnavailable if there is no answer yet
     */
    private void recover() {
        if (recovered) {
            locked(this::checkOpen);
            return;
        }
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> asking = recovery.compareAndExchange(null, mine);
        if (asking != null) {
            await(asking);
            return;
        }
        try {
            List<Desired> found = runner.recover();
            locked(() -> {
                checkOpen();
                found.forEach(this::watchOver);
                recovered = true;
                return true;
            });
            mine.complete(null);
        } catch (RuntimeException e) {
            recovery.set(null);
            mine.completeExceptionally(e);
            throw e;
        }
    }

    private void await(CompletableFuture<Void> asking) {
        try {
            asking.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new EngineUnavailable(name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineUnavailable(name, e);
        }
    }

    private boolean checkOpen() {
        if (closed) {
            throw new IllegalStateException("engine '" + name + "' is closed");
        }
        return true;
    }

    private void watchOver(Desired desired) {
        WorkloadLoop loop = new WorkloadLoop(desired, surroundings);
        threads.keySet().removeIf(WorkloadLoop::isOver);
        loops.put(desired.workload().name(), loop);
        threads.put(
                loop,
                Thread.ofVirtual().name(name + "-" + desired.workload().name()).start(loop));
    }

    private @Nullable WorkloadLoop loop(String workload) {
        return locked(() -> {
            WorkloadLoop loop = loops.get(workload);
            return loop == null || loop.isOver() ? null : loop;
        });
    }

    private void wakeUp(String workload) {
        WorkloadLoop loop = loop(workload);
        if (loop != null) {
            loop.wakeUp();
        }
    }

    private void tell(String workload) {
        for (ChangeListener listener : listeners) {
            try {
                listener.changed(workload);
            } catch (RuntimeException e) {
                log.warn("a listener failed at a change of {}", workload, e);
            }
        }
    }

    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
