package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What the config center has at the start of an application. All reads of one start share the time limit, and once
 * it had passed the rest do not wait again. Its session ends with each read: the follower opens its own, so that a
 * start that fails later leaves nothing behind.
 */
public final class FirstRead {

    private static final long UNSET = -1;

    private long leftNanos = UNSET;

    /** What was found; each but the first leaves it to the caller where to take items from. */
    public sealed interface Found {

        record Current(Release release) implements Found {}

        /** The namespace is there, nothing was published yet. */
        record NothingPublished() implements Found {}

        record NoSuchNamespace() implements Found {}

        /** @param reason in plain words, without values */
        record Unavailable(String reason) implements Found {}
    }

    public Found read(Coordinates coordinates, NamespacePath path) {
        if (leftNanos == UNSET) {
            leftNanos = coordinates.startupTimeout().toNanos();
        }
        if (leftNanos <= 0) {
            return new Found.Unavailable("ZooKeeper did not answer before, within the time limit");
        }
        long began = System.nanoTime();
        // A thread of its own: whatever the network does, the start goes on when the time is up.
        var task = new FutureTask<>(() -> ask(coordinates, path));
        var thread = new Thread(task, "switchboard-config-start");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(leftNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            return new Found.Unavailable("ZooKeeper at " + coordinates.zookeeper() + " did not answer within "
                    + coordinates.startupTimeout().toMillis() + " ms");
        } catch (ExecutionException e) {
            return new Found.Unavailable(reason(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Found.Unavailable("the start was interrupted");
        } finally {
            leftNanos -= System.nanoTime() - began;
        }
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause instanceof DamagedContent damaged) {
            return Center.damaged(damaged);
        }
        return cause instanceof CenterFailure failure
                ? String.valueOf(failure.getMessage())
                : "ZooKeeper can't be asked ("
                        + (cause == null ? "unknown" : cause.getClass().getSimpleName()) + ")";
    }

    private static Found ask(Coordinates coordinates, NamespacePath path) throws Exception {
        try (var session = new Session(coordinates, () -> {}, () -> {})) {
            session.start();
            // The limit is the caller's, by interruption.
            session.awaitConnection(Duration.ofHours(1));
            var center = new Center(session, new Troubles());
            Center.Reading found =
                    Objects.requireNonNull(center.look(List.of(path)).readings().get(path), "asked for");
            if (found instanceof Center.Reading.Unreadable unreadable) {
                return new Found.Unavailable(unreadable.reason());
            }
            if (!(found instanceof Center.Reading.There there)) {
                return new Found.NoSuchNamespace();
            }
            return there.current().pointer().number() == 0
                    ? new Found.NothingPublished()
                    : new Found.Current(center.release(path, there.current()));
        }
    }
}
