package io.switchboard.config.delivery;

import io.switchboard.config.delivery.Snapshot.Given;
import io.switchboard.config.ensemble.Answers;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A set of namespaces that is read once per release for all who wait for it. As in the client, the watches come first and
 * then the read, again after each reconnection; and one request reads all namespaces, between two transactions.
 */
final class Feed {

    private static final Logger log = LoggerFactory.getLogger(Feed.class);
    private static final int ATTEMPTS = 10;
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Ensemble ensemble;
    private final InstantSource clock;
    private final List<NamespacePath> paths;
    private final Set<Consumer<Snapshot>> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean due = new AtomicBoolean();

    /** Always the same one, so that it is registered once. */
    private final Watcher watcher = this::changed;

    private volatile @Nullable Snapshot latest;
    private volatile Instant usedAt;

    Feed(Ensemble ensemble, InstantSource clock, SortedSet<NamespacePath> paths) {
        this.ensemble = ensemble;
        this.clock = clock;
        this.usedAt = clock.instant();
        this.paths = List.copyOf(paths);
    }

    /**
     * What the namespaces are at.
     *
     * @throws Problem {@link RequestProblem#NOT_FOUND} if one is missing, {@link RequestProblem#UNAVAILABLE} if ZooKeeper
     *     gives no answer: what may have changed meanwhile is not passed off as current
     */
    Snapshot now() {
        use();
        Snapshot known = latest;
        return known == null ? look(true) : known;
    }

    /** As {@link #now}, read afresh. */
    Snapshot read() {
        use();
        return look(latest == null);
    }

    /** As {@link #now}, from a state that is as new as any server of the ensemble has confirmed. */
    Snapshot newest() {
        try {
            ensemble.ask(zookeeper -> {
                // In the background: ZooKeeper answers one session's requests in order, so what is read next comes
                // after it.
                zookeeper.sync().forPath(NamespacePath.ROOT);
                return true;
            });
        } catch (KeeperException e) {
            throw defect(e);
        }
        return look(false);
    }

    /** Has the consumer called with what is there, whenever somebody looked; it must not hold up the caller. */
    void join(Consumer<Snapshot> consumer) {
        waiting.add(consumer);
    }

    void leave(Consumer<Snapshot> consumer) {
        waiting.remove(consumer);
        use();
    }

    void use() {
        usedAt = clock.instant();
    }

    boolean idleFor(Duration time) {
        return waiting.isEmpty() && clock.instant().isAfter(usedAt.plus(time));
    }

    /** Sets the watches again, which a new session doesn't have, and looks. Without a connection nothing is current. */
    void connectionChanged(boolean connected) {
        if (connected) {
            wakeUp(true);
        } else {
            latest = null;
        }
    }

    private void changed(WatchedEvent event) {
        if (event.getType() != Watcher.Event.EventType.None) {
            wakeUp(false);
        }
    }

    // Never on ZooKeeper's thread, which serves the whole center. What comes while one is due is seen by it.
    private void wakeUp(boolean watchesToo) {
        if (due.compareAndSet(false, true) || watchesToo) {
            Thread.ofVirtual().name("config-delivery").start(() -> {
                due.set(false);
                lookForAllWhoWait(watchesToo);
            });
        }
    }

    /** Nobody else may come by: those who wait don't ask, and what isn't watched doesn't tell. */
    private void lookForAllWhoWait(boolean watchesToo) {
        boolean watches = watchesToo;
        while (true) {
            try {
                look(watches);
                return;
            } catch (RuntimeException e) {
                log.debug("Not read: {}", e.getMessage());
                // Not passed off as current; who asks next looks, and sets the watches.
                latest = null;
                watches = true;
            }
            if (waiting.isEmpty() || !ensemble.connected() || !rested()) {
                // The next who asks, or the next connection, looks again.
                return;
            }
        }
    }

    private static boolean rested() {
        try {
            Thread.sleep(AGAIN);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    // One at a time: a look that began earlier must not come later.
    private synchronized Snapshot look(boolean watchesToo) {
        try {
            Snapshot found = ensemble.ask(zookeeper -> {
                if (watchesToo) {
                    watch(zookeeper);
                }
                return read(zookeeper);
            });
            latest = found;
            waiting.forEach(consumer -> consumer.accept(found));
            return found;
        } catch (KeeperException.NoNodeException e) {
            throw new Problem(RequestProblem.NOT_FOUND, "One of the namespaces does not exist.");
        } catch (KeeperException e) {
            throw defect(e);
        }
    }

    private void watch(CuratorFramework zookeeper) throws Exception {
        for (NamespacePath path : paths) {
            zookeeper
                    .watchers()
                    .add()
                    .withMode(AddWatchMode.PERSISTENT)
                    .usingWatcher(watcher)
                    .forPath(path.current());
        }
    }

    /** Nobody is told any more. */
    void close() {
        for (NamespacePath path : paths) {
            try {
                ensemble.ask(zookeeper -> {
                    zookeeper
                            .watchers()
                            .remove(watcher)
                            .ofType(Watcher.WatcherType.Any)
                            .quietly()
                            .forPath(path.current());
                    return true;
                });
            } catch (KeeperException | Problem e) {
                // It goes with the session at the latest.
                log.debug("Still watched: {}", e.getMessage());
            }
        }
    }

    private Snapshot read(CuratorFramework zookeeper) throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Answers answers = Answers.of(
                    zookeeper,
                    Stream.concat(
                                    paths.stream().map(path -> Answers.data(path.current())),
                                    paths.stream().map(path -> Answers.data(path.canary())))
                            .toArray(Op[]::new));
            Optional<Snapshot> snapshot = snapshot(zookeeper, answers);
            if (snapshot.isPresent()) {
                return snapshot.get();
            }
        }
        throw new Problem(RequestProblem.CONFLICT, "Others publish in these namespaces all the time.");
    }

    /** Empty if a large release was gone before it was read, which takes 50 releases meanwhile. */
    private Optional<Snapshot> snapshot(CuratorFramework zookeeper, Answers answers) throws Exception {
        var releases = new TreeMap<NamespacePath, Optional<Release>>();
        var canaries = new TreeMap<NamespacePath, Given>();
        long zxid = 0;
        for (int index = 0; index < paths.size(); index++) {
            NamespacePath path = paths.get(index);
            Answers.Found found = answers.data(index);
            zxid = Math.max(zxid, found.zxid());
            Current current = Current.decode(found.data(), path);
            Optional<Release> release = current.release();
            if (release.isEmpty() && current.pointer().number() > 0) {
                release = stored(zookeeper, path, current.pointer());
                if (release.isEmpty()) {
                    return Optional.empty();
                }
            }
            releases.put(path, release);
            Optional<Answers.Found> canary = answers.found(paths.size() + index);
            if (canary.isPresent()) {
                given(zookeeper, path, canary.get()).ifPresent(one -> canaries.put(path, one));
            }
        }
        return Optional.of(new Snapshot(releases, canaries, zxid));
    }

    /** Empty if it is over, or can't be read: then the release in effect is for all, as with clients that read it themselves. */
    private static Optional<Given> given(CuratorFramework zookeeper, NamespacePath path, Answers.Found found)
            throws Exception {
        try {
            Canary canary = Canary.decode(found.data(), path);
            Optional<Release> release =
                    canary.release().isPresent() ? canary.release() : stored(zookeeper, path, canary.pointer());
            return release.map(one -> new Given(canary, one));
        } catch (DamagedContent e) {
            log.warn("The canary of {} is left out: {}", path, e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Release> stored(CuratorFramework zookeeper, NamespacePath path, Pointer pointer)
            throws DamagedContent, Exception {
        try {
            byte[] bytes = zookeeper.getData().forPath(path.release(pointer.number()));
            return Optional.of(Release.decode(bytes, path, pointer));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        }
    }

    private IllegalStateException defect(KeeperException e) {
        return new IllegalStateException("ZooKeeper answered " + e.code() + " for " + paths, e);
    }
}
