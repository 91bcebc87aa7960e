package io.switchboard.config.ensemble;

import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;

/**
 * Shut while somebody restores all that the center keeps: half of it is nobody's truth. A node says so to all centers, and stays when
 * whoever shut it is gone.
 */
final class Gate {

    static final String NODE = Documents.ROOT + "/restore";

    /** There as long as the session of whoever restores; no two do at once. */
    static final String HOLDER = NODE + "/holder";

    private final Runnable onChange;

    /** Always the same one, so that it is registered once. */
    private final Watcher watcher = this::changed;

    /** In which the node was looked at; 0 if it may have changed since. */
    private long session;

    private long changes;
    private volatile boolean shut;

    /** @param onChange called on ZooKeeper's thread */
    Gate(Runnable onChange) {
        this.onChange = onChange;
    }

    private void changed(WatchedEvent event) {
        if (event.getType() != Watcher.Event.EventType.None) {
            synchronized (this) {
                session = 0;
                changes++;
            }
            onChange.run();
        }
    }

    synchronized boolean isKnownIn(long current) {
        return session != 0 && session == current;
    }

    private synchronized long changes() {
        return changes;
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
