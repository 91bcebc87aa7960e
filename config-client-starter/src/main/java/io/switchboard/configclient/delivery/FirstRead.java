package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** All at one moment: of namespaces that are published together, nobody starts with one before and one after. */
    public Map<NamespacePath, Found> read(Coordinates coordinates, Collection<NamespacePath> paths) {
        if (leftNanos == UNSET) {
            leftNanos = coordinates.startupTimeout().toNanos();
        }
        List<NamespacePath> asked = List.copyOf(paths);
        if (leftNanos <= 0) {
            return unavailable(asked, "ZooKeeper did not answer before, within the time limit");
        }
        long began = System.nanoTime();
        // A thread of its own: whatever the network does, the start goes on when the time is up.
        var task = new FutureTask<>(() -> ask(coordinates, asked));
        var thread = new Thread(task, "switchboard-config-start");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(leftNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            return unavailable(
                    asked,
                    "ZooKeeper at " + coordinates.zookeeper() + " did not answer within "
                            + coordinates.startupTimeout().toMillis() + " ms");
        } catch (ExecutionException e) {
            return unavailable(asked, reason(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable(asked, "the start was interrupted");
        } finally {
            leftNanos -= System.nanoTime() - began;
        }
    }

    private static Map<NamespacePath, Found> unavailable(List<NamespacePath> paths, String reason) {
        Map<NamespacePath, Found> all = new HashMap<>();
        paths.forEach(path -> all.put(path, new Found.Unavailable(reason)));
        return all;
    }

    private static String reason(@Nullable Throwable cause) {
        return cause instanceof CenterFailure failure
                ? String.valueOf(failure.getMessage())
                : "ZooKeeper can't be asked ("
                        + (cause == null ? "unknown" : cause.getClass().getSimpleName()) + ")";
    }

    private static Map<NamespacePath, Found> ask(Coordinates coordinates, List<NamespacePath> paths) throws Exception {
        try (var session = new Session(coordinates, () -> {}, () -> {})) {
            session.start();
            // The limit is the caller's, by interruption.
            session.awaitConnection(Duration.ofHours(1));
            var center = new Center(session, new Troubles());
            Map<NamespacePath, Found> all = new HashMap<>();
            for (Map.Entry<NamespacePath, Center.Reading> one :
                    center.look(paths).readings().entrySet()) {
                all.put(one.getKey(), found(center, one.getKey(), one.getValue()));
            }
            return all;
        }
    }

    private static Found found(Center center, NamespacePath path, Center.Reading reading) throws CenterFailure {
        if (reading instanceof Center.Reading.Unreadable unreadable) {
            return new Found.Unavailable(unreadable.reason());
        }
        if (!(reading instanceof Center.Reading.There there)) {
            return new Found.NoSuchNamespace();
        }
        if (there.current().pointer().number() == 0) {
            return new Found.NothingPublished();
        }
        try {
            return new Found.Current(center.release(path, there.current()));
        } catch (DamagedContent e) {
            return new Found.Unavailable(Center.damaged(e));
        }
    }
}
