package io.switchboard.engine.supervision;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs independent acts side by side and waits for all of them. */
final class AllAtOnce implements AutoCloseable {

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("act-", 0).factory());

    /** Throws what the first failed act threw, after all have ended. */
    void run(List<Runnable> acts) {
        if (acts.size() == 1) {
            acts.getFirst().run();
            return;
        }
        List<? extends Future<?>> running = acts.stream().map(threads::submit).toList();
        RuntimeException failure = null;
        for (Future<?> act : running) {
            try {
                act.get();
            } catch (ExecutionException e) {
                failure = e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure = new IllegalStateException(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
