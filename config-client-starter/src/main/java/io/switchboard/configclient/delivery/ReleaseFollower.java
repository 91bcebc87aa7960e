package io.switchboard.configclient.delivery;

import io.switchboard.configclient.delivery.Center.Reading;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;

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
    private final Running running;

    private final Turns turns = new Turns();
    private final Turns.WakeUp retry = turns.wakeUp(AFTER_FAILURE, this::watchAndLook);
    private final Turns.WakeUp settle = turns.wakeUp(SETTLE, this::settle);

    private final Session session;
    private final Center center;
    private final Reports reports;
    private final BuildNode build;
    private final LastGood lastGood;

    /** Always the same one: ZooKeeper's client keeps each other one beside it. */
    private final Watcher watcher = this::changed;

    /** The last look saw every change up to this transaction of ZooKeeper. */
    private long seen;

    /**
     * Starts to follow, without waiting for ZooKeeper.
     *
     * @param started what the application started with, one per namespace
     * @param unkept releases among them that the next start without ZooKeeper should take
     * @param application takes releases over, all in one step, or refuses and stays as it was; never called twice
     *     at a time
     * @param build what the center may check drafts against; empty for nothing
     */
    public ReleaseFollower(
            Coordinates coordinates,
            Collection<RunningRelease> started,
            Collection<Release> unkept,
            Function<List<Release>, Outcome> application,
            Optional<Build> build,
            Clock clock) {
        this.coordinates = coordinates;
        this.running = new Running(started, application, clock);
        this.session = new Session(coordinates, this::connected, this::lost);
        this.center = new Center(session);
        this.reports = new Reports(center, coordinates.client());
        this.build = new BuildNode(center, build);
        this.lastGood = new LastGood(coordinates.cacheDirectory());
        unkept.forEach(lastGood::add);
        lastGood.keep();
        session.start();
        turns.every(REGULAR_CHECK.dividedBy(2).plus(Turns.upTo(REGULAR_CHECK.dividedBy(2))), this::look);
    }

    /** What each namespace is at, in no order. */
    public List<RunningRelease> running() {
        return running.all();
    }

    public boolean reachable() {
        return session.connected();
    }

    private void connected() {
        turns.later(Turns.upTo(HERD), this::watchAndLook);
    }

    private void lost() {
        turns.later(coordinates.sessionTimeout(), session::renewIfOverdue);
    }

    private void watchAndLook() {
        // A new session has neither the old one's watches nor its report nodes.
        reports.forget();
        build.forget();
        // Nor is the ensemble bound to be at a later transaction than the last one was.
        seen = 0;
        try {
            center.watch(running.paths(), watcher);
            look();
        } catch (CenterFailure e) {
            failed(e);
        }
    }

    // On ZooKeeper's thread, which has nothing else to do: another one would only have to wake up first.
    private void changed(WatchedEvent event) {
        if (event.getType() != EventType.None) {
            turns.now(() -> {
                // What was published together tells once for each namespace: one look is enough for all of them.
                if (event.getZxid() == WatchedEvent.NO_ZXID || event.getZxid() > seen) {
                    look();
                }
            });
        }
    }

    private void look() {
        try {
            List<Release> waiting = new ArrayList<>();
            Center.Look look = center.look(running.paths());
            seen = look.zxid();
            for (Map.Entry<NamespacePath, Reading> one : look.readings().entrySet()) {
                waiting(one.getKey(), one.getValue()).ifPresent(waiting::add);
            }
            running.take(waiting).forEach(lastGood::add);
            if (turns.closed()) {
                lastGood.keep();
            }
            settle.soon();
        } catch (CenterFailure e) {
            failed(e);
        }
    }

    /** What is to be taken over; empty if there is nothing, or nothing that can be. */
    private Optional<Release> waiting(NamespacePath path, Reading reading) throws CenterFailure {
        if (reading instanceof Reading.Unreadable unreadable) {
            unreadable(path, unreadable.reason());
        } else if (reading instanceof Reading.There there) {
            return waiting(path, there.current());
        }
        return Optional.empty();
    }

    private Optional<Release> waiting(NamespacePath path, Current current) throws CenterFailure {
        if (running.isAt(path, current.pointer())) {
            running.confirmed(path);
        } else if (current.pointer().number() == 0) {
            running.troubled(path, "the config center has no release of this namespace any more");
        } else {
            try {
                return Optional.of(center.release(path, current));
            } catch (DamagedContent e) {
                unreadable(path, Center.damaged(e));
            }
        }
        return Optional.empty();
    }

    private void unreadable(NamespacePath path, String reason) {
        log.warn("Namespace " + path.namespace() + " stays at release "
                + running.of(path).number() + ": " + reason);
        running.troubled(path, reason);
        retry.soon();
    }

    private void failed(CenterFailure failure) {
        if (turns.closed()) {
            return;
        }
        log.warn("Namespaces stay at the releases they are at: " + failure.getMessage());
        running.paths().forEach(path -> running.troubled(path, String.valueOf(failure.getMessage())));
        retry.soon();
    }

    private void settle() {
        lastGood.keep();
        for (RunningRelease release : running.all()) {
            reports.tell(release, build.name(release.path()));
        }
    }

    /** Ends the session, so that the report vanishes at once; the release in effect stays, and is kept. */
    @Override
    public void close() {
        turns.close();
        session.close();
        lastGood.keep();
    }
}
