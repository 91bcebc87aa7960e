package io.switchboard.engine.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Statistics;
import io.switchboard.engine.Usage;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures running tasks, each in a virtual thread: the daemon takes over a second for one answer. */
final class StatsRounds implements Closeable {

    private static final Logger log = LoggerFactory.getLogger(StatsRounds.class);
    private static final int PAUSE_SECONDS = 3;

    private final Daemon daemon;
    private final ExecutorService threads;
    private final Map<String, Optional<Usage>> usages = new ConcurrentHashMap<>();
    private volatile boolean closed;

    StatsRounds(Daemon daemon, ExecutorService threads) {
        this.daemon = daemon;
        this.threads = threads;
    }

    /** Goes on until {@link #forget}; may be called again and again. */
    void measure(String taskId, String containerId) {
        if (usages.putIfAbsent(taskId, Optional.empty()) == null) {
            threads.execute(() -> rounds(taskId, containerId));
        }
    }

    void forget(String taskId) {
        usages.remove(taskId);
    }

    Optional<Usage> usage(String taskId) {
        return usages.getOrDefault(taskId, Optional.empty());
    }

    private void rounds(String taskId, String containerId) {
        try {
            while (!closed && usages.containsKey(taskId)) {
                Sample sample = once(containerId);
                if (sample.gone) {
                    usages.remove(taskId);
                }
                Optional<Usage> usage = sample.usage;
                usages.computeIfPresent(taskId, (id, before) -> usage.isPresent() ? usage : before);
                TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Sample once(String containerId) throws InterruptedException {
        Sample sample = new Sample();
        try (sample) {
            daemon.streams().statsCmd(containerId).withNoStream(true).exec(sample);
            sample.awaitCompletion(10, TimeUnit.SECONDS);
        } catch (IOException | RuntimeException e) {
            // The container may have ended, or the daemon; whoever looks for them says so.
            log.debug("container {} could not be measured: {}", containerId, e.getMessage());
        }
        return sample;
    }

    private static final class Sample extends ResultCallback.Adapter<Statistics> {

        private volatile Optional<Usage> usage = Optional.empty();
        private volatile boolean gone;

        @Override
        public void onNext(Statistics statistics) {
            usage = ContainerUsage.of(statistics);
        }

        /** The adapter would log an error for each container that ends while it is measured. */
        @Override
        public void onError(Throwable failure) {
            gone = failure instanceof NotFoundException;
            onComplete();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
