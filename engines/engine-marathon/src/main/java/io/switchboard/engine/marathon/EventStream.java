package io.switchboard.engine.marathon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Marathon's event stream, opened again whenever it ends or says nothing for too long. Its events may be lost, late,
 * doubled or out of order: they only tell where to look again.
 */
final class EventStream implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    static final List<String> TYPES = List.of(
            "status_update_event",
            "instance_changed_event",
            "instance_health_changed_event",
            "health_status_changed_event",
            "app_terminated_event",
            "deployment_success",
            "deployment_failed");
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Who follows. */
    interface Follower {

        /** Events may have been missed up to now. */
        void opened();

        void happened(String type, JsonNode data);
    }

    private final Transport wire;
    private final Follower follower;
    private final Duration mostSilence;
    private final Thread thread;
    private volatile @Nullable InputStream current;
    private volatile long heardNanos;
    private volatile boolean closed;

    /** @param mostSilence after which a stream is taken for dead; Marathon's heartbeat comes every ten seconds */
    EventStream(Transport wire, Follower follower, Duration mostSilence) {
        this.mostSilence = mostSilence;
        this.wire = wire;
        this.follower = follower;
        this.heardNanos = System.nanoTime() - mostSilence.toNanos();
        this.thread = Thread.ofVirtual().name("marathon-events").start(this::run);
    }

    /** Whether something was heard lately, so that nothing seen means that nothing happened. */
    boolean isAlive() {
        return current != null && System.nanoTime() - heardNanos < mostSilence.toNanos();
    }

    /** Ends a stream that says nothing; called now and then. */
    void check() {
        InputStream stream = current;
        if (stream != null && System.nanoTime() - heardNanos >= mostSilence.toNanos()) {
            log.info("Marathon's event stream has been silent for {} s and is opened again", mostSilence.toSeconds());
            end(stream);
        }
    }

    private void run() {
        String target =
                "/v2/events?" + TYPES.stream().map(type -> "event_type=" + type).collect(Collectors.joining("&"));
        Duration pause = Duration.ofMillis(200);
        while (!closed) {
            try (InputStream stream = wire.events(target)) {
                heardNanos = System.nanoTime();
                current = stream;
                follower.opened();
                pause = Duration.ofMillis(200);
                read(stream);
            } catch (IOException | WireFailure e) {
                log.debug("Marathon's event stream ended: {}", e.getMessage());
            } finally {
                current = null;
            }
            if (!closed) {
                LockSupport.parkNanos(pause.toNanos());
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    /** Opens it again now, if it waits to do so. */
    void hurry() {
        LockSupport.unpark(thread);
    }

    private void read(InputStream stream) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        String type = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            heardNanos = System.nanoTime();
            if (line.startsWith("event:")) {
                type = line.substring("event:".length()).strip();
            } else if (line.startsWith("data:")) {
                tell(type, line.substring("data:".length()));
            }
        }
    }

    private void tell(String type, String data) {
        try {
            follower.happened(type, JSON.readTree(data));
        } catch (JacksonException e) {
            log.debug("an event of Marathon is no JSON and is passed over");
        }
    }

    private static void end(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            log.debug("an event stream could not be closed: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        InputStream stream = current;
        if (stream != null) {
            end(stream);
        }
        thread.interrupt();
    }
}
