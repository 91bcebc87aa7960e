package io.switchboard.configclient.delivery;

import io.switchboard.configclient.delivery.Center.Reading;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.ClientReport.Health;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * Keeps an application on the releases in effect. One look at a time is taken, each from what ZooKeeper has by then: a
 * change, a reconnection and the slow regular check all lead to the same look at all namespaces. So a lost or late
 * notification costs time, never a release; many releases at once are one step to the last of them; and namespaces that
 * were published together are taken over together.
 *
 * <p>What is too large to come with its pointer is read by each client at another moment: all of them at once would have ZooKeeper
 * send megabytes. What was published with it waits for it.
 *
 * <p>What is taken over is kept in a file and reported one to two seconds later: neither the clients' disks nor ZooKeeper
 * have to carry that while a release goes out, and a burst of releases is kept and reported once.
 *
 * <p>A canary that is for this client is taken over after all that is in effect, in a step of its own, and is never kept: a
 * start begins with the releases in effect, whatever the canary does to the application.
 */
public final class ReleaseFollower implements AutoCloseable {

    /** A net below the watches; they alone do the work when all is well. */
    private static final Duration REGULAR_CHECK = Duration.ofMinutes(5);

    /** After an outage of ZooKeeper all its clients come back together. */
    private static final Duration HERD = Duration.ofMillis(300);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private static final Duration SETTLE = Duration.ofSeconds(1);

    private final Coordinates coordinates;
    private final Running running;
    private final Turns.WakeUp apart;

    private final Turns turns = new Turns();
    private final Turns.WakeUp retry = turns.wakeUp(AFTER_FAILURE, this::watchAndLook);
    private final Turns.WakeUp again = turns.wakeUp(AFTER_FAILURE, this::look);
    private final Turns.WakeUp settle = turns.wakeUp(SETTLE, this::settle);

    private final Troubles troubles = new Troubles();
    private final Session session;
    private final Center center;
    private final Reports reports;
    private final BuildNode build;
    private final LastGood lastGood;
    private final CanaryHealth health;
    private final Canaries canaries;

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
     * @param health how the application is; asked while it runs a canary only, on a thread that it may hold up
     */
    public ReleaseFollower(
            Coordinates coordinates,
            Collection<RunningRelease> started,
            Collection<Release> unkept,
            Function<List<Release>, Outcome> application,
            Optional<Build> build,
            Supplier<Health> health,
            Clock clock) {
        this.coordinates = coordinates;
        this.running = new Running(started, application, clock);
        this.apart = turns.wakeUpWithin(coordinates.fetchJitter(), this::look);
        this.session = new Session(coordinates, this::connected, this::lost);
        this.center = new Center(session, troubles);
        this.canaries = new Canaries(center, running, coordinates);
        this.reports = new Reports(center, coordinates);
        this.build = new BuildNode(center, build);
        this.lastGood = new LastGood(coordinates.cacheDirectory(), troubles);
        this.health = new CanaryHealth(turns, health, settle::soon);
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
        silent(Session.NOT_CONNECTED);
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
                    lookAtOnce();
                }
            });
        }
    }

    private void look() {
        try {
            Center.Look look = seen();
            take(look, Due.of(look, canaries, running));
        } catch (CenterFailure e) {
            failed(e);
        }
    }

    /** As all clients do at this moment. */
    private void lookAtOnce() {
        try {
            Center.Look look = seen();
            Due due = Due.of(look, canaries, running);
            if (due.hasToBeFetched()) {
                apart.soon();
            } else {
                take(look, due);
            }
        } catch (CenterFailure e) {
            failed(e);
        }
    }

    private Center.Look seen() throws CenterFailure {
        Center.Look look = center.look(running.paths());
        seen = look.zxid();
        troubles.over(session, () -> "The config center answers again");
        return look;
    }

    private void take(Center.Look look, Due due) throws CenterFailure {
        look.readings().forEach(this::tell);
        List<Release> waiting = fetched(due.inEffect());
        List<Release> given = fetched(due.given());
        // What came into effect while it was a canary was not kept before.
        fetched(due.promoted()).forEach(lastGood::add);
        due.promoted().forEach(one -> canaries.ended(one.path()));
        for (Due.One one : due.refused()) {
            readable(one.subject(), one.path());
            running.staysBehind(one.path());
        }
        running.take(waiting).forEach(release -> {
            canaries.ended(release.path());
            lastGood.add(release);
        });
        canaries.take(given);
        health.during(canaries.anyRuns(look));
        if (!canaries.goBack(look)) {
            again.soon();
        }
        if (turns.closed()) {
            lastGood.keep();
        }
        settle.soon();
    }

    private void tell(NamespacePath path, Reading reading) {
        if (reading instanceof Reading.Unreadable unreadable) {
            unreadable(path, path, unreadable.reason());
        } else if (reading instanceof Reading.There there) {
            Pointer current = there.current().pointer();
            Optional<Canary> canary = canaries.given(there);
            if (canary.isPresent() && running.isAt(path, canary.get().pointer())) {
                running.confirmed(path);
            } else if (running.isAt(path, current)) {
                if (canary.isEmpty()) {
                    readable(path, path);
                    running.confirmed(path);
                }
            } else if (current.number() == 0) {
                stays(path, path, "the config center has no release of this namespace any more");
            }
        }
    }

    /** Without those that are damaged. */
    private List<Release> fetched(List<Due.One> due) throws CenterFailure {
        List<Release> releases = new ArrayList<>();
        for (Due.One one : due) {
            try {
                releases.add(center.release(one.path(), one.release()));
                readable(one.subject(), one.path());
            } catch (DamagedContent e) {
                unreadable(one.subject(), one.path(), Center.damaged(e));
            }
        }
        return releases;
    }

    /** @param what of it: the namespace itself, or a canary's release */
    private void readable(Object what, NamespacePath path) {
        troubles.over(what, () -> "Namespace " + path.namespace() + " can be read again");
    }

    private void unreadable(Object what, NamespacePath path, String reason) {
        stays(what, path, reason);
        retry.soon();
    }

    private void stays(Object what, NamespacePath path, String reason) {
        troubles.with(
                what,
                "Namespace " + path.namespace() + " stays at release "
                        + running.of(path).number() + ": " + reason);
        running.troubled(path, reason);
    }

    private void failed(CenterFailure failure) {
        if (turns.closed()) {
            return;
        }
        silent(String.valueOf(failure.getMessage()));
        running.paths().forEach(path -> running.troubled(path, String.valueOf(failure.getMessage())));
        retry.soon();
    }

    private void silent(String reason) {
        if (!turns.closed()) {
            troubles.with(session, "Namespaces stay at the releases they are at: " + reason);
        }
    }

    private void settle() {
        lastGood.keep();
        for (RunningRelease release : running.all()) {
            NamespacePath path = release.path();
            reports.tell(release, build.name(path), running.refused(path), health.now());
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
