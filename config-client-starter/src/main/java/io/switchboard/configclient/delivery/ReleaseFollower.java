package io.switchboard.configclient.delivery;

import io.switchboard.configclient.delivery.Center.Reading;
import io.switchboard.configclient.delivery.RunningRelease.Source;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an application on the releases in effect. One look at a time is taken, each from what ZooKeeper has by then: a
 * change, a reconnection and the slow regular check all lead to the same look at all namespaces. So a lost or late
 * notification costs time, never a release; many releases at once are one step to the last of them; and namespaces that
 * were published together are taken over together.
 *
 * <p>What is taken over is kept in a file and reported one to two seconds later: neither the clients' disks nor ZooKeeper
 * have to carry that while a release goes out, and a burst of releases is kept and reported once.
 */
public final class ReleaseFollower implements AutoCloseable {

    private static final Log log = LogFactory.getLog(ReleaseFollower.class);

    /** A net below the watches; they alone do the work when all is well. */
    private static final Duration REGULAR_CHECK = Duration.ofMinutes(5);

    /** After an outage of ZooKeeper all its clients come back together. */
    private static final Duration HERD = Duration.ofMillis(300);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private static final Duration SETTLE = Duration.ofSeconds(1);

    private final Coordinates coordinates;
    private final ReleaseCache cache;
    private final Function<List<Release>, Outcome> application;
    private final Clock clock;
    private final Map<NamespacePath, RunningRelease> running = new ConcurrentHashMap<>();
    private final Map<NamespacePath, Refusal> refused = new HashMap<>();
    private final Map<NamespacePath, ClientReport> reported = new HashMap<>();
    private final Map<NamespacePath, Release> unkept = new HashMap<>();
    /** Always the same one: ZooKeeper's client keeps each other one beside it. */
    private final Watcher watcher = this::changed;

    private final ReentrantLock turn = new ReentrantLock();

    /** The last look saw every change up to this transaction of ZooKeeper. */
    private long seen;

    private boolean settling;
    private boolean retrying;

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        var thread = new Thread(task, "switchboard-config");
        thread.setDaemon(true);
        return thread;
    });
    private final Center center;

    private record Refusal(Pointer release, String reason) {}

    /** @param release in effect, which is another than the one that runs */
    private record Waiting(RunningRelease now, Release release) {}

    /**
     * Starts to follow, without waiting for ZooKeeper.
     *
     * @param started what the application started with, one per namespace
     * @param unkept releases among them that the next start without ZooKeeper should take
     * @param application takes releases over, all in one step, or refuses and stays as it was; never called twice
     *     at a time
     */
    public ReleaseFollower(
            Coordinates coordinates,
            Collection<RunningRelease> started,
            Collection<Release> unkept,
            Function<List<Release>, Outcome> application,
            Clock clock) {
        this.coordinates = coordinates;
        this.cache = new ReleaseCache(coordinates.cacheDirectory());
        this.application = application;
        this.clock = clock;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        started.forEach(release -> running.put(release.path(), release));
        unkept.forEach(this::keep);
        this.center = new Center(coordinates, this::connected, this::lost);
        center.start();
        long period = jittered(REGULAR_CHECK.toMillis() / 2) + REGULAR_CHECK.toMillis() / 2;
        thread.scheduleWithFixedDelay(() -> inTurn(this::look), period, period, TimeUnit.MILLISECONDS);
    }

    /** What each namespace is at, in no order. */
    public List<RunningRelease> running() {
        return List.copyOf(running.values());
    }

    public boolean reachable() {
        return center.connected();
    }

    private void connected() {
        later(jittered(HERD.toMillis()), this::watchAndLook);
    }

    private void lost() {
        later(coordinates.sessionTimeout().toMillis(), center::renewIfOverdue);
    }

    private void watchAndLook() {
        // A new session has neither the old one's watches nor its report nodes.
        reported.clear();
        // Nor is the ensemble bound to be at a later transaction than the last one was.
        seen = 0;
        try {
            center.watch(running.keySet(), watcher);
            look();
        } catch (CenterFailure e) {
            failed(e);
        }
    }

    // On ZooKeeper's thread, which has nothing else to do: another one would only have to wake up first.
    private void changed(WatchedEvent event) {
        if (event.getType() != EventType.None) {
            inTurn(() -> {
                // What was published together tells once for each namespace: one look is enough for all of them.
                if (event.getZxid() == WatchedEvent.NO_ZXID || event.getZxid() > seen) {
                    look();
                }
            });
        }
    }

    private void look() {
        try {
            List<Waiting> waiting = new ArrayList<>();
            Center.Look look = center.look(running.keySet());
            seen = look.zxid();
            for (Map.Entry<NamespacePath, Reading> one : look.readings().entrySet()) {
                waiting(known(one.getKey()), one.getValue()).ifPresent(waiting::add);
            }
            take(waiting);
            settleSoon();
        } catch (CenterFailure e) {
            failed(e);
        }
    }

    /** What is to be taken over; empty if there is nothing, or nothing that can be. */
    private Optional<Waiting> waiting(RunningRelease now, Reading reading) throws CenterFailure {
        if (reading instanceof Reading.Unreadable unreadable) {
            unreadable(now, unreadable.reason());
        } else if (reading instanceof Reading.There there) {
            return waiting(now, there.current());
        }
        return Optional.empty();
    }

    private Optional<Waiting> waiting(RunningRelease now, Current current) throws CenterFailure {
        if (current.pointer().equals(now.release())) {
            refused.remove(now.path());
            running.put(now.path(), now.confirmed());
        } else if (current.pointer().number() == 0) {
            trouble(now, "the config center has no release of this namespace any more");
        } else {
            try {
                return Optional.of(new Waiting(now, center.release(now.path(), current)));
            } catch (DamagedContent e) {
                unreadable(now, Center.damaged(e));
            }
        }
        return Optional.empty();
    }

    private void unreadable(RunningRelease now, String reason) {
        log.warn("Namespace " + now.path().namespace() + " stays at release " + now.number() + ": " + reason);
        trouble(now, reason);
        retry();
    }

    /**
     * Takes over all that waits, in one step. If the application refuses that, what it has not refused before is offered
     * without the rest: a namespace that stays behind doesn't hold up the others.
     */
    private void take(List<Waiting> waiting) {
        List<Waiting> fresh = waiting.stream().filter(one -> !isRefused(one)).toList();
        if (fresh.isEmpty()) {
            waiting.forEach(this::stayBehind);
            return;
        }
        Outcome outcome = offer(waiting);
        if (outcome instanceof Outcome.Refused && fresh.size() < waiting.size()) {
            waiting.stream().filter(this::isRefused).forEach(this::stayBehind);
            outcome = offer(fresh);
        }
        if (outcome instanceof Outcome.Refused refusal) {
            fresh.forEach(one -> refuse(one, refusal.reason()));
        }
    }

    private Outcome offer(List<Waiting> waiting) {
        Outcome outcome =
                application.apply(waiting.stream().map(Waiting::release).toList());
        if (outcome instanceof Outcome.TakenOver) {
            waiting.forEach(this::runs);
        }
        return outcome;
    }

    private void runs(Waiting taken) {
        NamespacePath path = taken.now().path();
        Release release = taken.release();
        refused.remove(path);
        log.info("Namespace " + path.namespace() + " is at release " + release.number());
        running.put(
                path, new RunningRelease(path, release.pointer(), clock.instant(), Source.ZOOKEEPER, Optional.empty()));
        keepLater(release);
    }

    private boolean isRefused(Waiting waiting) {
        Refusal refusal = refused.get(waiting.now().path());
        return refusal != null && refusal.release().equals(waiting.release().pointer());
    }

    private void refuse(Waiting waiting, String why) {
        RunningRelease now = waiting.now();
        String reason = "release " + waiting.release().number() + " is refused: " + why;
        refused.put(now.path(), new Refusal(waiting.release().pointer(), reason));
        log.warn("Namespace " + now.path().namespace() + " stays at release " + now.number() + ", " + reason);
        trouble(now, reason);
    }

    private void stayBehind(Waiting waiting) {
        Refusal refusal = refused.get(waiting.now().path());
        if (refusal != null) {
            trouble(waiting.now(), refusal.reason());
        }
    }

    private void trouble(RunningRelease now, String reason) {
        running.put(now.path(), now.troubledBy(reason));
    }

    private void failed(CenterFailure failure) {
        if (thread.isShutdown()) {
            return;
        }
        log.warn("Namespaces stay at the releases they are at: " + failure.getMessage());
        running.values().forEach(now -> trouble(now, String.valueOf(failure.getMessage())));
        retry();
    }

    private void retry() {
        if (!retrying) {
            retrying = true;
            later(AFTER_FAILURE.toMillis() + jittered(AFTER_FAILURE.toMillis()), () -> {
                retrying = false;
                watchAndLook();
            });
        }
    }

    private void settleSoon() {
        if (!settling) {
            settling = true;
            later(SETTLE.toMillis() + jittered(SETTLE.toMillis()), () -> {
                settling = false;
                keepAll();
                running.values().forEach(this::report);
            });
        }
    }

    private void keepLater(Release release) {
        synchronized (unkept) {
            unkept.put(release.path(), release);
        }
        if (thread.isShutdown()) {
            keepAll();
        }
    }

    private void keepAll() {
        // Under the lock to the end: an older release must not be written after a newer one.
        synchronized (unkept) {
            unkept.values().forEach(this::keep);
            unkept.clear();
        }
    }

    private void keep(Release release) {
        try {
            cache.write(release);
        } catch (IOException e) {
            log.warn("Release " + release.number() + " can't be kept in " + coordinates.cacheDirectory()
                    + " for a start without ZooKeeper: " + e);
        }
    }

    private void report(RunningRelease state) {
        var report = new ClientReport(coordinates.client(), state.number(), state.since(), state.problem());
        if (report.equals(reported.get(state.path()))) {
            return;
        }
        try {
            center.report(state.path(), report);
            reported.put(state.path(), report);
        } catch (CenterFailure e) {
            log.debug("Not reported: " + e.getMessage());
        }
    }

    private RunningRelease known(NamespacePath path) {
        @Nullable RunningRelease release = running.get(path);
        if (release == null) {
            throw new IllegalStateException("not followed: " + path);
        }
        return release;
    }

    private void later(long delayMillis, Runnable task) {
        try {
            thread.schedule(() -> inTurn(task), delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.trace("closed");
        }
    }

    // The threads themselves would swallow a failure.
    private void inTurn(Runnable task) {
        turn.lock();
        try {
            task.run();
        } catch (RuntimeException e) {
            // Its message may repeat a value.
            log.error("Following the config center failed: " + e.getClass().getName() + " at "
                    + Arrays.toString(e.getStackTrace()));
        } finally {
            turn.unlock();
        }
    }

    private static long jittered(long millis) {
        return ThreadLocalRandom.current().nextLong(millis + 1);
    }

    /** Ends the session, so that the report vanishes at once; the release in effect stays, and is kept. */
    @Override
    public void close() {
        // Without interruption: a release that is being taken over is also kept.
        thread.shutdown();
        center.close();
        keepAll();
    }
}
