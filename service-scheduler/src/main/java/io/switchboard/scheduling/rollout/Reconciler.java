package io.switchboard.scheduling.rollout;

import io.switchboard.batching.GroupCommit;
import io.switchboard.batching.Pace;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.DeploymentListener;
import io.switchboard.scheduling.deployment.Deployments;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.deployment.StaleDeployment;
import io.switchboard.scheduling.leadership.LeadershipLost;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Sees to it that deployments which may have something to do are looked at: each by one thread at a time, many beside
 * each other. Hints come from orders, the engine and the balancer; a periodic pass covers those that were lost.
 *
 * <p>It starts and stops once, for one term.
 */
final class Reconciler implements DeploymentListener {

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

    private static final Pace PACE = new Pace(Duration.ofMillis(10));

    /** Workloads whose owner is looked for in one pass. */
    private static final int NAMES_EACH_PASS = 2_000;

    /** How long an interrupted look may take to end. */
    private static final Duration INTERRUPTED = Duration.ofSeconds(5);

    private enum Mark {
        WAITING,
        RUNNING,
        /** A hint came while it was looked at. */
        RUNNING_AND_HINTED
    }

    /** What runs only between start and stop. */
    private record Threads(
            Thread dispatcher, ExecutorService workers, ScheduledExecutorService timers, ExecutorService hints) {}

    private final Deployments deployments;
    private final Engine engine;
    private final Function<Deployment, Optional<Duration>> advance;
    private final RolloutMetrics metrics;
    private final ReconcileProperties properties;
    private final Map<UUID, Mark> marks = new ConcurrentHashMap<>();
    private final Map<UUID, ScheduledFuture<?>> alarms = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<UUID> waiting = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> hinted = new LinkedBlockingQueue<>();
    private final Set<String> hintedOnce = ConcurrentHashMap.newKeySet();
    private final Map<String, UUID> owners = new ConcurrentHashMap<>();
    private final Semaphore room;
    /** Of this round, those that were not looked at yet. */
    private final Queue<String> listed = new ArrayDeque<>();

    private final Set<String> suspects = new HashSet<>();
    private Optional<UUID> swept = Optional.empty();
    private volatile @Nullable Threads threads;

    /** @param advance carries a deployment on, and answers when to look again if nothing hints before */
    Reconciler(
            Deployments deployments,
            Engine engine,
            Function<Deployment, Optional<Duration>> advance,
            RolloutMetrics metrics,
            ReconcileProperties properties) {
        this.deployments = deployments;
        this.engine = engine;
        this.advance = advance;
        this.metrics = metrics;
        this.properties = properties;
        this.room = new Semaphore(properties.parallel());
    }

    @Override
    public void changed(Collection<UUID> instanceIds) {
        instanceIds.forEach(this::wake);
    }

    private void wake(UUID id) {
        var before = new AtomicReference<@Nullable Mark>();
        marks.compute(id, (key, now) -> {
            before.set(now);
            return now == null || now == Mark.WAITING ? Mark.WAITING : Mark.RUNNING_AND_HINTED;
        });
        if (before.get() == null) {
            waiting.add(id);
        }
    }

    void start() {
        var timers = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("reconcile-timer").daemon().factory());
        timers.setRemoveOnCancelPolicy(true);
        var hints = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("reconcile-hints").daemon().factory());
        var workers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("reconcile-", 0).factory());
        var dispatcher =
                Thread.ofPlatform().name("reconcile-dispatcher").daemon().unstarted(() -> dispatch(workers, timers));
        threads = new Threads(dispatcher, workers, timers, hints);
        dispatcher.start();
        hints.execute(this::followHints);
        timers.scheduleWithFixedDelay(this::pass, 0, properties.every().toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Begins nothing more, and answers whether everything that was begun has ended.
     *
     * @param grace how long that may take before it is interrupted; whatever it was is repeated after the next start
     */
    boolean stop(Duration grace) {
        var running = threads;
        threads = null;
        if (running == null) {
            return true;
        }
        running.timers().shutdownNow();
        running.hints().shutdownNow();
        running.dispatcher().interrupt();
        running.workers().shutdown();
        try {
            if (!running.workers().awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                running.workers().shutdownNow();
            }
            // A periodic pass removes orphans, so it counts, too.
            return running.workers().awaitTermination(INTERRUPTED.toMillis(), TimeUnit.MILLISECONDS)
                    && running.timers().awaitTermination(INTERRUPTED.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What there was to look at, now or later, when it stopped. */
    Set<UUID> unfinished() {
        var ids = new HashSet<>(marks.keySet());
        ids.addAll(alarms.keySet());
        return ids;
    }

    private boolean isRunning() {
        return threads != null;
    }

    // --- hints of the engine: by workload, often, from threads that must not wait

    void hint(String workload) {
        if (threads != null && workload.startsWith(Revision.WORKLOAD_PREFIX) && hintedOnce.add(workload)) {
            hinted.add(workload);
        }
    }

    private void followHints() {
        while (isRunning()) {
            try {
                var names = new HashSet<String>();
                names.add(hinted.take());
                hinted.drainTo(names, properties.batch());
                hintedOnce.removeAll(names);
                wakeOwners(names);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.warn("an engine's hint is lost, the next pass covers it: {}", e.toString());
            }
        }
    }

    private void wakeOwners(Set<String> workloads) {
        var unknown = new HashSet<String>();
        for (var workload : workloads) {
            var owner = owners.get(workload);
            if (owner == null) {
                unknown.add(workload);
            } else {
                wake(owner);
            }
        }
        if (!unknown.isEmpty()) {
            deployments.owners(unknown).values().forEach(this::wake);
        }
    }

    // --- one at a time per instance

    private void dispatch(ExecutorService workers, ScheduledExecutorService timers) {
        while (isRunning()) {
            var ids = new ArrayList<UUID>();
            try {
                ids.add(waiting.take());
                waiting.drainTo(ids, properties.batch() - 1);
                int taken = ids.size();
                ids.forEach(id -> marks.put(id, Mark.RUNNING));
                for (var deployment : deployments.find(ids)) {
                    room.acquire();
                    workers.execute(() -> work(deployment, timers));
                    ids.remove(deployment.id());
                }
                ids.forEach(this::done);
                if (waiting.size() < taken) {
                    PACE.rest(taken);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // Whatever it is, this thread goes on: without it nothing would be looked at.
                log.warn("deployments can't be read, trying again: {}", e.toString());
                ids.forEach(this::done);
                ids.forEach(id -> later(id, properties.every(), timers));
            }
        }
    }

    private void work(Deployment deployment, ScheduledExecutorService timers) {
        var id = deployment.id();
        var known = deployment.revisions().stream().map(Revision::workload).toList();
        known.forEach(workload -> owners.put(workload, id));
        try {
            metrics.reconcile().record(() -> advance.apply(deployment)).ifPresent(pause -> later(id, pause, timers));
        } catch (StaleDeployment e) {
            marks.computeIfPresent(id, (key, now) -> Mark.RUNNING_AND_HINTED);
        } catch (LeadershipLost e) {
            log.info("deployment of {} is left to whoever leads: {}", id, e.getMessage());
            // In case it still is this one.
            later(id, properties.every(), timers);
        } catch (DataAccessResourceFailureException
                | TransientDataAccessException
                | TransactionException
                | GroupCommit.Unfinished
                | RejectedExecutionException e) {
            log.warn("deployment of {} waits for the database: {}", id, e.getMessage());
            later(id, properties.every(), timers);
        } catch (RuntimeException e) {
            log.error("deployment of {} could not be looked at", id, e);
            later(id, properties.every(), timers);
        } finally {
            if (deployment.told().settled()) {
                // Hints for it are rare from now on and find the owner in the database.
                known.forEach(owners::remove);
            }
            room.release();
            done(id);
        }
    }

    private void done(UUID id) {
        var mark = marks.compute(id, (key, now) -> now == Mark.RUNNING_AND_HINTED ? Mark.WAITING : null);
        if (mark == Mark.WAITING) {
            waiting.add(id);
        }
    }

    private void later(UUID id, Duration pause, ScheduledExecutorService timers) {
        try {
            // One alarm each: every look may ask for the next one, and looks come from hints too.
            alarms.compute(id, (key, before) -> {
                if (before != null) {
                    before.cancel(false);
                }
                return timers.schedule(() -> ring(id), Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS);
            });
        } catch (RejectedExecutionException e) {
            // Stopped: it stays unfinished.
            wake(id);
        }
    }

    private void ring(UUID id) {
        alarms.remove(id);
        wake(id);
    }

    // --- the periodic pass

    private void pass() {
        try {
            wakeUnsettled();
            sweep();
            forgetRetired();
            removeOrphans();
        } catch (LeadershipLost | EngineUnavailable | DataAccessException | TransactionException e) {
            log.warn("a periodic pass was cut short: {}", e.getMessage());
        } catch (RuntimeException e) {
            // An exception that got out would end the passes for good.
            log.error("a periodic pass failed", e);
        }
    }

    private void wakeUnsettled() {
        Optional<UUID> last = Optional.empty();
        List<UUID> page;
        do {
            page = deployments.unsettled(last, properties.batch());
            changed(page);
            last = page.isEmpty() ? last : Optional.of(page.getLast());
        } while (page.size() == properties.batch());
    }

    private void sweep() {
        var page = deployments.settled(swept, properties.sweep());
        changed(page);
        swept = page.size() < properties.sweep() ? Optional.empty() : Optional.of(page.getLast());
    }

    /** Nobody looks for the owner of a retired workload any more, and one that came back would pass for owned. */
    private void forgetRetired() {
        owners.keySet()
                .retainAll(deployments.owners(Set.copyOf(owners.keySet())).keySet());
    }

    /**
     * A workload is started only after its revision is stored, so one that the engine lists and the database, asked
     * later, doesn't know belongs to nobody. Two looks in a row must agree. Each pass looks at a share of them, so that
     * it takes no longer the more there are.
     */
    private void removeOrphans() {
        if (!properties.removeOrphans()) {
            return;
        }
        if (listed.isEmpty()) {
            engine.workloads().stream()
                    .filter(name -> name.startsWith(Revision.WORKLOAD_PREFIX))
                    .forEach(listed::add);
            suspects.retainAll(Set.copyOf(listed));
        }
        var unknown = new HashSet<String>();
        for (int i = 0; i < NAMES_EACH_PASS && !listed.isEmpty(); i++) {
            var name = listed.remove();
            if (owners.containsKey(name)) {
                suspects.remove(name);
            } else {
                unknown.add(name);
            }
        }
        if (!unknown.isEmpty()) {
            var owned = deployments.owners(unknown).keySet();
            suspects.removeAll(owned);
            unknown.removeAll(owned);
        }
        for (var name : unknown) {
            if (!suspects.add(name)) {
                log.warn("workload {} belongs to no deployment and is removed", name);
                engine.remove(name);
                suspects.remove(name);
            }
        }
    }
}
