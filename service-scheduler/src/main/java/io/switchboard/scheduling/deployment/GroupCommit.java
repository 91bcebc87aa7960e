package io.switchboard.scheduling.deployment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Stores changes of many deployments in one transaction: while one commits, the next ones gather. Each writer waits for
 * its own, so nothing is answered or done before it is durable.
 */
final class GroupCommit implements SmartLifecycle {

    /** What a deployment was and what it is to be. */
    record Change(Deployment before, Deployment after) {

        UUID id() {
            return after.id();
        }
    }

    private record Waiting(Change change, CompletableFuture<Boolean> stored) {}

    private static final Duration END = Duration.ofSeconds(5);

    /** How long changes gather after a transaction of several; a single change is never held up. */
    private static final Duration GATHER = Duration.ofMillis(10);

    private final Function<List<Change>, Set<UUID>> transaction;
    private final int most;
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private volatile @Nullable Thread writer;

    /**
     * @param transaction stores the changes and answers whose deployments another writer had changed before, of which
     *     it stored nothing; never two of one deployment at once
     * @param most changes in one transaction
     */
    GroupCommit(Function<List<Change>, Set<UUID>> transaction, int most) {
        this.transaction = transaction;
        this.most = most;
    }

    /**
     * Returns once the change is durable.
     *
     * @throws StaleDeployment if another writer came first
     */
    void store(Change change) {
        var waiting = new Waiting(change, new CompletableFuture<>());
        queue.add(waiting);
        if (writer == null) {
            throw new IllegalStateException("nothing is stored any more");
        }
        try {
            if (!waiting.stored().join()) {
                throw new StaleDeployment(change.id());
            }
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public void start() {
        var thread = Thread.ofPlatform().name("deployment-writer").daemon().unstarted(this::write);
        // Known before it runs: it ends as soon as it is not the writer.
        writer = thread;
        thread.start();
    }

    @Override
    public void stop() {
        var running = writer;
        writer = null;
        if (running != null) {
            running.interrupt();
            try {
                running.join(END);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        fail(new ArrayList<>(queue), new IllegalStateException("nothing is stored any more"));
    }

    @Override
    public boolean isRunning() {
        return writer != null;
    }

    /** Before all that writes, and after it when stopping. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 1_000;
    }

    private void write() {
        while (writer == Thread.currentThread()) {
            var group = new ArrayList<Waiting>();
            try {
                group.add(queue.take());
            } catch (InterruptedException e) {
                return;
            }
            queue.drainTo(group, most - 1);
            store(group);
            if (group.size() > 1) {
                LockSupport.parkNanos(GATHER.toNanos());
            }
        }
    }

    private void store(List<Waiting> group) {
        try {
            var stale = transaction.apply(group.stream().map(Waiting::change).toList());
            group.forEach(
                    one -> one.stored().complete(!stale.contains(one.change().id())));
        } catch (RuntimeException e) {
            fail(group, e);
        }
    }

    private static void fail(List<Waiting> group, RuntimeException cause) {
        group.forEach(one -> one.stored().completeExceptionally(cause));
    }
}
