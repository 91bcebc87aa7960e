package io.switchboard.configclient.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * One ZooKeeper session with the application's credential, and another one once that has expired. ZooKeeper's own client
 * and its two threads are all it takes.
 */
final class Session implements AutoCloseable {

    static final String REFUSED = "ZooKeeper refused the credential of this application";

    static final String NOT_CONNECTED = "there is no connection to ZooKeeper";

    private static final Log log = LogFactory.getLog(Session.class);

    private final Coordinates coordinates;
    private final Runnable onConnection;
    private final Runnable onLoss;
    private final CountDownLatch connected = new CountDownLatch(1);

    private volatile @Nullable ZooKeeper session;
    private long lostAt;
    private int opened;
    private boolean closed;

    /**
     * @param onConnection runs on ZooKeeper's thread at each connection and each reconnection
     * @param onLoss runs on ZooKeeper's thread when a connection is lost
     */
    Session(Coordinates coordinates, Runnable onConnection, Runnable onLoss) {
        this.coordinates = coordinates;
        this.onConnection = onConnection;
        this.onLoss = onLoss;
    }

    /** Connects in the background, now and after each loss. */
    synchronized void start() {
        if (closed) {
            return;
        }
        String credential = coordinates.user() + ":" + coordinates.secret();
        int number = ++opened;
        try {
            var fresh = new ZooKeeper(
                    coordinates.zookeeper(),
                    (int) coordinates.sessionTimeout().toMillis(),
                    event -> changed(number, event));
            fresh.addAuthInfo("digest", credential.getBytes(StandardCharsets.UTF_8));
            session = fresh;
        } catch (IOException e) {
            throw new IllegalStateException("ZooKeeper's client can't be started", e);
        }
    }

    // Waits while a session is being made: nobody may ask before it has its credential.
    private synchronized void changed(int number, WatchedEvent event) {
        // What an earlier session comes to is no news of this one, and no reason to open yet another.
        if (event.getType() != EventType.None || number != opened) {
            return;
        }
        if (event.getState() == KeeperState.SyncConnected) {
            connected.countDown();
            onConnection.run();
        } else if (event.getState() == KeeperState.Disconnected) {
            lostAt = System.nanoTime();
            onLoss.run();
        } else if (event.getState() == KeeperState.Expired) {
            log.info("The ZooKeeper session has expired; opening another one");
            start();
        }
    }

    /**
     * Opens another session if this one can't be alive any more. ZooKeeper's client would ask for the old one for ever,
     * and an ensemble that was set back to an earlier state refuses it without calling it expired.
     */
    void renewIfOverdue() {
        ZooKeeper overdue;
        synchronized (this) {
            if (connected()
                    || System.nanoTime() - lostAt < coordinates.sessionTimeout().toNanos()) {
                return;
            }
            overdue = session;
            start();
        }
        close(overdue);
    }

    boolean awaitConnection(Duration atMost) throws InterruptedException {
        return connected.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean connected() {
        ZooKeeper now = session;
        return now != null && now.getState().isConnected();
    }

    @FunctionalInterface
    interface Question<T> {
        T ask(ZooKeeper zookeeper) throws KeeperException, InterruptedException;
    }

    <T> T ask(Question<T> question) throws CenterFailure {
        ZooKeeper now = session;
        if (now == null) {
            throw new CenterFailure(NOT_CONNECTED);
        }
        try {
            return question.ask(now);
        } catch (KeeperException.NoAuthException e) {
            throw new CenterFailure(REFUSED);
        } catch (KeeperException.ConnectionLossException
                | KeeperException.SessionExpiredException
                | KeeperException.OperationTimeoutException e) {
            // Which of them it is depends on when it was asked.
            throw new CenterFailure(NOT_CONNECTED);
        } catch (KeeperException.NoNodeException e) {
            throw new CenterFailure("a node is missing: " + e.getPath());
        } catch (KeeperException e) {
            throw new CenterFailure("ZooKeeper gave no answer (" + e.code() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CenterFailure("interrupted");
        }
    }

    /** Ends the session, so that the nodes it made vanish at once. */
    @Override
    public void close() {
        ZooKeeper last;
        synchronized (this) {
            closed = true;
            last = session;
        }
        close(last);
    }

    private static void close(@Nullable ZooKeeper last) {
        try {
            if (last != null) {
                last.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
