package io.switchboard.request.commit;

import io.switchboard.contracts.problem.Fault;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Commits what many threads want to write at the same moment in one transaction.
 *
 * <p>A durable commit waits for the disk, and the wait is the same for one row as for a hundred. So a few writers take
 * whatever has been handed in: an idle writer starts at once, and what arrives while all are at work is the next batch.
 * Only under load, after a batch of several, a writer lets the spacing pass since that batch's start before it takes the
 * next: a transaction costs the database much the same for three rows as for thirty, and the CPU saved is worth more
 * than the milliseconds.
 *
 * <p>If a batch fails, each of its members is committed alone, so that the one that can't be written fails for itself
 * and takes no neighbour with it. A {@link Problem} that says {@link Fault#BUSY} concerns all members alike, for example
 * a database that is away; then none is tried again.
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
    private final Duration spacing;
    private final BlockingQueue<Entry<T, R>> waiting;
    private final List<Thread> writers;
    private volatile boolean closed;

    /**
     * @param name of the writers' threads
     * @param writers batches that may be committed at the same time, at least 1
     * @param maxBatch members of one batch at most, at least 1
     * @param maxWaiting members that may wait; one more is refused
     * @param spacing from the start of a batch of several to that of the next; zero for none
     */
    public GroupCommit(String name, int writers, int maxBatch, int maxWaiting, Duration spacing, Batch<T, R> batch) {
        this.batch = batch;
        this.maxBatch = maxBatch;
        this.spacing = spacing;
        this.waiting = new ArrayBlockingQueue<>(maxWaiting);
        this.writers = IntStream.range(0, writers)
                .mapToObj(number ->
                        Thread.ofPlatform().name(name + "-" + number).daemon().start(this::write))
                .toList();
    }

    /**
     * Answers once the member is durable.
     *
     * @throws Problem {@link RequestProblem#UNAVAILABLE} if too many wait already, or the patience ends; after that it
     *     may have been written or not, so the caller repeats it under the same key
     * @throws RuntimeException what the batch threw for this member alone
     */
    public R commit(T member, Duration patience) {
        var entry = new Entry<T, R>(member, new CompletableFuture<>());
        if (closed || !waiting.offer(entry)) {
            throw new Problem(RequestProblem.UNAVAILABLE, "More is being written than can be taken at the moment.");
        }
        try {
            return entry.result().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Problem(RequestProblem.UNAVAILABLE, "Writing took longer than " + patience.toMillis() + " ms.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(RequestProblem.UNAVAILABLE, "The service is shutting down.");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
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
            long began = System.nanoTime();
            settle(List.copyOf(members));
            if (members.size() > 1 && !closed) {
                LockSupport.parkNanos(spacing.toNanos() - (System.nanoTime() - began));
            }
            members.clear();
        }
    }

    private void settle(List<Entry<T, R>> members) {
        try {
            var results = batch.commit(members.stream().map(Entry::member).toList());
            for (int index = 0; index < members.size(); index++) {
                members.get(index).result().complete(results.get(index));
            }
        } catch (Throwable failure) {
            if (members.size() == 1 || concernsAll(failure)) {
                members.forEach(member -> member.result().completeExceptionally(failure));
            } else {
                members.forEach(member -> settle(List.of(member)));
            }
        }
    }

    private static boolean concernsAll(Throwable failure) {
        return failure instanceof Problem problem && problem.code().fault() == Fault.BUSY;
    }
}
