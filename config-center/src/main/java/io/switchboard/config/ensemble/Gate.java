package io.switchboard.config.ensemble;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;

/**
 * Shut while somebody restores all that the center keeps: half of it is nobody's truth. A node says so to all centers, and stays when
 * whoever shut it is gone; what is in it says whether anything was changed by then. Below it is one node of whoever restores, as long as
 * its session is; no two are there at once, and none ever has the name of another.
 */
final class Gate {

    static final String NODE = Documents.ROOT + "/restore";

    /** It isn't known yet whether there is nothing to lose; all is as it was. */
    static final byte[] CHECKING = "checking".getBytes(StandardCharsets.US_ASCII);

    /** What is there is a part of a backup, and to be deleted; earlier versions wrote nothing else. */
    static final byte[] BEGUN = new byte[0];

    private final Consumer<Boolean> onChange;

    /** Always the same one, so that it is registered once. */
    private final Watcher watcher = this::changed;

    /** In which the node was looked at; 0 if it may have changed since. */
    private long session;

    private long changes;
    private volatile boolean shut;

    /** @param onChange called on ZooKeeper's thread; with false if it may have changed, while there was no connection */
    Gate(Consumer<Boolean> onChange) {
        this.onChange = onChange;
    }

    /** Also with each connection: ZooKeeper tells no watch that stays what happened while there was none. */
    private void changed(WatchedEvent event) {
        synchronized (this) {
            session = 0;
            changes++;
        }
        if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
            onChange.accept(event.getType() != Watcher.Event.EventType.None);
        }
    }

    synchronized boolean isKnownIn(long current) {
        return session != 0 && session == current;
    }

    /** @throws UnreadableDocument if it is neither: nothing is deleted on a guess */
    static boolean hasBegun(Answers.Found gate) {
        boolean begun = Arrays.equals(gate.data(), BEGUN);
        if (!begun && !Arrays.equals(gate.data(), CHECKING)) {
            throw new UnreadableDocument(gate.node(), "it is no restore's");
        }
        return begun;
    }

    private synchronized long changes() {
        return changes;
    }

    /** Looked at before the next question: who opens it is not told before his own answer. */
    synchronized void forget() {
        session = 0;
    }

    /** Also again, which a new session needs: it has no watch. */
    void look(CuratorFramework zookeeper, long current) throws Exception {
        long before;
        do {
            before = changes();
            zookeeper
                    .watchers()
                    .add()
                    .withMode(AddWatchMode.PERSISTENT)
                    .usingWatcher(watcher)
                    .forPath(NODE);
        } while (!seen(before, current, zookeeper.checkExists().forPath(NODE) != null));
    }

    private synchronized boolean seen(long before, long current, boolean there) {
        if (changes != before) {
            return false;
        }
        session = current;
        shut = there;
        return true;
    }

    boolean isShut() {
        return shut;
    }
}
