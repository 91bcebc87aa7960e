package io.switchboard.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Commits what many threads want to write at the same moment in one transaction.
 *
 * <p>A durable commit waits for the disk, and the wait is the same for one row as for a hundred. So a few writers take
 * whatever has been handed in: an idle writer starts at once, and what arrives while all are at work, or rest, is the
 * next batch.
 *
 * <p>If a batch fails, each of its members is committed alone, so that the one that can't be written fails for itself
 * and takes no neighbour with it. What concerns all members alike, for example a database that is away, is not tried
 * again.
 *
 * @param <T> what is handed in
 * @param <R> what its writer gets back
 */
public final class GroupCommit<T, R> implements AutoCloseable {

    /** Writes a batch in one transaction of its own. */
    @FunctionalInterface
    public interface Batch<T, R> {

        /**
         * Answers one result per member, in the members' order. Where it throws, nothing may have been written.
         *
         * @param members at least one
         */
        List<R> commit(List<T> members);
    }

    private record Entry<T, R>(T member, CompletableFuture<R> result) {}

    private final Batch<T, R> batch;
    private final int maxBatch;
    private final Pace pace;
    private final Predicate<Throwable> concernsAll;
    private final BlockingQueue<Entry<T, R>> waiting;
    private final List<Thread> writers;
    private volatile boolean closed;

    /**
     * @param name of the writers' threads
     * @param writers batches that may be committed at the same time, at least 1
     * @param maxBatch members of one batch at most, at least 1
     * @param maxWaiting members that may wait; one more is refused
     * @param pace of each writer
     * @param concernsAll whether a failure is none of the members' own, so that trying each alone makes no sense
     */
    public GroupCommit(
            String name,
            int writers,
            int maxBatch,
            int maxWaiting,
            Pace pace,
            Predicate<Throwable> concernsAll,
            Batch<T, R> batch) {
        this.batch = batch;
        this.maxBatch = maxBatch;
        this.pace = pace;
        this.concernsAll = concernsAll;
        this.waiting = new ArrayBlockingQueue<>(maxWaiting);
        this.writers = IntStream.range(0, writers)
                .mapToObj(number ->
                        Thread.ofPlatform().name(name + "-" + number).daemon().start(this::write))
                .toList();
    }

    /**
     * Answers once the member is durable.
     *
     * @throws RejectedExecutionException if too many wait already, or it is closed: nothing was written
     * @throws Unfinished if the patience ends: it may have been written or not, or be written still
     * @throws RuntimeException what the batch threw for this member alone
     */
    public R commit(T member, Duration patience) {
        var entry = new Entry<T, R>(member, new CompletableFuture<>());
        if (closed) {
            throw new RejectedExecutionException("nothing is written any more");
        }
        if (!waiting.offer(entry)) {
            throw new RejectedExecutionException("too many wait to be written");
        }
        try {
            return entry.result().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Unfinished("not written within " + patience.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unfinished("interrupted while it was written");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** It is not known whether a member was written. */
    public static final class Unfinished extends RuntimeException {

        private static final long serialVersionUID = 1;

        private Unfinished(String message) {
            super(message);
        }
    }

    /** Members that no writer has taken yet. */
    public int waiting() {
        return waiting.size();
    }

    /** Refuses new members, writes those that wait, and ends. */
    @Override
    public void close() {
        closed = true;
        for (var writer : writers) {
            try {
                writer.join(TimeUnit.SECONDS.toMillis(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void write() {
        var members = new ArrayList<Entry<T, R>>(maxBatch);
        while (!(closed && waiting.isEmpty())) {
            try {
                // The time limit only lets a writer notice that there will be no more work.
                var first = waiting.poll(250, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                members.add(first);
            } catch (InterruptedException e) {
                return;
            }
            waiting.drainTo(members, maxBatch - 1);
            settle(List.copyOf(members));
            // Where as many wait already there is nothing to gather.
            if (!closed && waiting.size() < members.size()) {
                pace.rest(members.size());
            }
            members.clear();
        }
    }

    private void settle(List<Entry<T, R>> members) {
        var failure = committed(members);
        if (failure == null) {
            return;
        }
        if (members.size() == 1 || concernsAll.test(failure)) {
            fail(members, failure);
            return;
        }
        for (int index = 0; index < members.size(); index++) {
            var alone = committed(members.subList(index, index + 1));
            if (alone != null && concernsAll.test(alone)) {
                fail(members.subList(index, members.size()), alone);
                return;
            }
            if (alone != null) {
                fail(members.subList(index, index + 1), alone);
            }
        }
    }

    /** Answers why the members were not committed; null if they were. */
    private @Nullable Throwable committed(List<Entry<T, R>> members) {
        try {
            var results = batch.commit(members.stream().map(Entry::member).toList());
            if (results.size() != members.size()) {
                throw new IllegalStateException("%d members have %d results".formatted(members.size(), results.size()));
            }
            for (int index = 0; index < members.size(); index++) {
                members.get(index).result().complete(results.get(index));
            }
            return null;
        } catch (Throwable failure) {
            return failure;
        }
    }

    private void fail(List<Entry<T, R>> members, Throwable failure) {
        members.forEach(member -> member.result().completeExceptionally(failure));
    }
}
