package io.switchboard.configclient.delivery;

import io.switchboard.configclient.delivery.RunningRelease.Source;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.curator.framework.api.CuratorWatcher;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an application on the release in effect. Everything happens on one thread, each time from what ZooKeeper has
 * by then: a change, a reconnection and the slow regular check all lead to the same look. So a lost or late
 * notification costs time, never a release, and many releases at once are one step to the last of them.
 */
public final class ReleaseFollower implements AutoCloseable {

    private static final Log log = LogFactory.getLog(ReleaseFollower.class);

    /** A net below the watches; they alone do the work when all is well. */
    private static final Duration REGULAR_CHECK = Duration.ofMinutes(5);

    /** After an outage of ZooKeeper all its clients come back together. */
    private static final Duration HERD = Duration.ofMillis(300);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final Coordinates coordinates;
    private final ReleaseCache cache;
    private final BiFunction<NamespacePath, Release, Outcome> application;
    private final Clock clock;
    private final Map<NamespacePath, RunningRelease> running = new ConcurrentHashMap<>();
    private final Map<NamespacePath, Refusal> refused = new HashMap<>();
    private final Map<NamespacePath, ClientReport> reported = new HashMap<>();
    private final Set<NamespacePath> retrying = new HashSet<>();
    /** Always the same one for a namespace: ZooKeeper keeps each other one beside it until the next change. */
    private final Map<NamespacePath, CuratorWatcher> watchers = new HashMap<>();

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        var thread = new Thread(task, "switchboard-config");
        thread.setDaemon(true);
        return thread;
    });
    private final Center center;

    private record Refusal(Pointer release, String reason) {}

    /**
     * Starts to follow, without waiting for ZooKeeper.
     *
     * @param started what the application started with, one per namespace
     * @param unkept releases among them that the next start without ZooKeeper should take
     * @param application takes a release over, or refuses it and stays as it was; called on the follower's thread
     */
    public ReleaseFollower(
            Coordinates coordinates,
            Collection<RunningRelease> started,
            Collection<Release> unkept,
            BiFunction<NamespacePath, Release, Outcome> application,
            Clock clock) {
        this.coordinates = coordinates;
        this.cache = new ReleaseCache(coordinates.cacheDirectory());
        this.application = application;
        this.clock = clock;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        started.forEach(release -> running.put(release.path(), release));
        unkept.forEach(this::keep);
        this.center = new Center(coordinates, this::connected);
        center.start();
        long period = jittered(REGULAR_CHECK.toMillis() / 2) + REGULAR_CHECK.toMillis() / 2;
        thread.scheduleWithFixedDelay(
                () -> running.keySet().forEach(this::check), period, period, TimeUnit.MILLISECONDS);
    }

    /** What each namespace is at, in no order. */
    public List<RunningRelease> running() {
        return List.copyOf(running.values());
    }

    public boolean reachable() {
        return center.connected();
    }

    private void connected() {
        long delay = jittered(HERD.toMillis());
        later(delay, () -> {
            // A new session has none of the old one's report nodes.
            reported.clear();
            running.keySet().forEach(this::check);
        });
    }

    private void check(NamespacePath path) {
        RunningRelease before = known(path);
        try {
            Optional<Pointer> pointer = center.pointer(path, watcher(path));
            RunningRelease after = pointer.isPresent() ? step(before, pointer.get()) : before;
            running.put(path, after);
            report(after);
        } catch (CenterFailure e) {
            if (thread.isShutdown()) {
                return;
            }
            log.warn("Namespace " + path.namespace() + " stays at release " + before.number() + ": " + e.getMessage());
            running.put(path, before.troubledBy(String.valueOf(e.getMessage())));
            retry(path);
        }
    }

    private CuratorWatcher watcher(NamespacePath path) {
        return watchers.computeIfAbsent(path, watched -> event -> later(0, () -> check(watched)));
    }

    private void retry(NamespacePath path) {
        if (retrying.add(path)) {
            later(AFTER_FAILURE.toMillis() + jittered(AFTER_FAILURE.toMillis()), () -> {
                retrying.remove(path);
                check(path);
            });
        }
    }

    private RunningRelease step(RunningRelease now, Pointer pointer) throws CenterFailure {
        if (pointer.equals(now.release())) {
            refused.remove(now.path());
            return now.confirmed();
        }
        Refusal refusal = refused.get(now.path());
        if (refusal != null && refusal.release().equals(pointer)) {
            return now.troubledBy(refusal.reason());
        }
        if (pointer.number() == 0) {
            return now.troubledBy("the config center has no release of this namespace any more");
        }
        return switchOver(now, center.release(now.path(), pointer));
    }

    private RunningRelease switchOver(RunningRelease now, Release release) {
        Outcome outcome = application.apply(now.path(), release);
        if (outcome instanceof Outcome.Refused refusal) {
            String reason = "release " + release.number() + " is refused: " + refusal.reason();
            refused.put(now.path(), new Refusal(release.pointer(), reason));
            log.warn("Namespace " + now.path().namespace() + " stays at release " + now.number() + ", " + reason);
            return now.troubledBy(reason);
        }
        refused.remove(now.path());
        keep(release);
        log.info("Namespace " + now.path().namespace() + " is at release " + release.number());
        return new RunningRelease(now.path(), release.pointer(), clock.instant(), Source.ZOOKEEPER, Optional.empty());
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
            thread.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.trace("closed");
        }
    }

    private static long jittered(long millis) {
        return ThreadLocalRandom.current().nextLong(millis + 1);
    }

    /** Ends the session, so that the report vanishes at once; the release in effect stays. */
    @Override
    public void close() {
        // Without interruption: a release that is being taken over is also kept.
        thread.shutdown();
        center.close();
    }
}
