package io.switchboard.engine.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventActor;
import com.github.dockerjava.api.model.EventType;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows what happens to this platform's containers; connects again whenever the daemon hangs up. */
final class Events implements Closeable {

    private static final Logger log = LoggerFactory.getLogger(Events.class);

    private final Daemon daemon;
    private final String platform;
    private final Consumer<String> changed;
    private volatile boolean closed;

    /** @param changed gets the workload's name */
    Events(Daemon daemon, String platform, ExecutorService threads, Consumer<String> changed) {
        this.daemon = daemon;
        this.platform = platform;
        this.changed = changed;
        threads.execute(this::follow);
    }

    private void follow() {
        try {
            while (!closed) {
                followOnce();
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void followOnce() throws InterruptedException {
        try (Listener listener = daemon.streams()
                .eventsCmd()
                .withEventTypeFilter(EventType.CONTAINER)
                .withLabelFilter(Labels.PLATFORM + "=" + platform)
                .withEventFilter("start", "die", "oom", "destroy", "kill")
                .exec(new Listener())) {
            listener.awaitCompletion();
        } catch (IOException | RuntimeException e) {
            log.debug("the daemon's events ended, connecting again: {}", e.getMessage());
        }
    }

    private final class Listener extends ResultCallback.Adapter<Event> {

        @Override
        public void onNext(Event event) {
            EventActor actor = event.getActor();
            Map<String, String> labels = actor == null ? null : actor.getAttributes();
            String workload = labels == null ? null : labels.get(Labels.WORKLOAD);
            if (workload != null) {
                changed.accept(workload);
            }
        }

        @Override
        public void onError(Throwable failure) {
            // Without the adapter's error in the log: a daemon that restarts is told of once, by who needs it.
            onComplete();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
