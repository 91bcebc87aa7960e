package io.switchboard.access.endpoint;

import io.etcd.jetcd.Watch;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One watch over all that is ours. One that died without a word looks like an etcd in which nothing changes, so it is asked how far
 * it is.
 */
final class LiveWatch {

    private static final Duration ASK_AGAIN = Duration.ofMillis(200);

    private final EtcdStore store;
    private final Consumer<WatchEvent> changed;
    private final Runnable broken;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private volatile @Nullable Listener current;

    /**
     * @param changed gets each change, in order
     * @param broken called when changes may have been missed
     */
    LiveWatch(EtcdStore store, Consumer<WatchEvent> changed, Runnable broken) {
        this.store = store;
        this.changed = changed;
        this.broken = broken;
    }

    /** Starts with the changes of this revision; what watched before ends. */
    void from(long revision) {
        close();
        var listener = new Listener();
        current = listener;
        listener.watcher = store.watch(EtcdKeys.ROOT, revision, listener);
    }

    void close() {
        var old = current;
        current = null;
        if (old != null && old.watcher != null) {
            old.watcher.close();
        }
    }

    /**
     * Asks etcd, if the watch hasn't told of this revision or a later one by itself.
     *
     * @param revision that etcd is known to have reached
     * @return false if the watch doesn't say in time that it has got there
     */
    boolean reaches(long revision, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            while (true) {
                var listener = current;
                long left = end - System.nanoTime();
                if (listener != null && listener.reached >= revision) {
                    return true;
                }
                if (left <= 0) {
                    return false;
                }
                if (listener != null && listener.watcher != null) {
                    listener.watcher.requestProgress();
                }
                // A watch that has only just begun, or has still much to tell, may leave a question unanswered.
                told.await(Math.min(left, ASK_AGAIN.toNanos()), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private final class Listener implements Watch.Listener {

        private volatile Watch.@Nullable Watcher watcher;
        private volatile long reached;

        @Override
        public void onNext(WatchResponse response) {
            if (current != this) {
                return;
            }
            response.getEvents().forEach(changed);
            lock.lock();
            try {
                reached = Math.max(reached, response.getHeader().getRevision());
                told.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void onError(Throwable error) {
            // The client resumes by itself, unless the revision was compacted; a fresh view is right in both cases.
            if (current == this) {
                broken.run();
            }
        }

        @Override
        public void onCompleted() {
            // Also how a closed watch ends.
        }
    }
}
