package io.switchboard.streams;

import io.switchboard.contracts.identity.Caller;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * One open stream. It ends with the token it was opened with, so that nobody is told more than a request would tell
 * them; who has a new token resumes. All methods but {@link #wake} and {@link #close} are for its script's thread.
 */
public final class EventStream {

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);
    /** Keeps proxies from closing a stream on which nothing happens, and finds clients that are gone. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final SseEmitter emitter = new SseEmitter(0L);
    private final Caller caller;
    private final Clock clock;
    private final Semaphore woken = new Semaphore(0);
    private volatile boolean closed;
    private Instant sent;

    EventStream(Caller caller, Clock clock) {
        this.caller = caller;
        this.clock = clock;
        this.sent = clock.instant();
    }

    SseEmitter play(EventStreams.Script script, String name, Runnable ended) {
        emitter.onCompletion(this::close);
        emitter.onTimeout(this::close);
        emitter.onError(failure -> close());
        Thread.ofVirtual().name(name).start(() -> {
            try {
                script.play(this);
                emitter.complete();
            } catch (IOException | IllegalStateException e) {
                // The client is gone; that is how most streams end.
                log.debug("a stream ended", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                log.warn("a stream failed", e);
                emitter.completeWithError(e);
            } finally {
                ended.run();
            }
        });
        return emitter;
    }

    /** Whose credential it was opened with; empty for operators and services. */
    Optional<String> tenant() {
        return caller.tenant();
    }

    /** Tells the client that nothing will be missed from here on. */
    public void greet() throws IOException {
        comment("open");
    }

    /** Sends an event that can be resumed after. */
    public void send(String id, String name, Object data) throws IOException {
        send(SseEmitter.event().id(id).name(name).data(data));
    }

    public void send(String name, Object data) throws IOException {
        send(SseEmitter.event().name(name).data(data));
    }

    private void comment(String text) throws IOException {
        send(SseEmitter.event().comment(text));
    }

    private void send(SseEmitter.SseEventBuilder event) throws IOException {
        emitter.send(event);
        sent = clock.instant();
    }

    /** Whether it is neither closed nor out of its token's time. */
    public boolean goesOn() {
        return !closed && clock.instant().isBefore(caller.until());
    }

    /**
     * Waits until it is woken, for so long at most, and keeps the connection alive meanwhile.
     *
     * @return {@link #goesOn}, after the wait
     */
    public boolean rest(Duration most) throws IOException, InterruptedException {
        var end = clock.instant().plus(most);
        while (goesOn()) {
            var now = clock.instant();
            if (!now.isBefore(sent.plus(HEARTBEAT))) {
                comment("still here");
            }
            if (woken.tryAcquire(until(earliest(end), now).toMillis(), TimeUnit.MILLISECONDS)) {
                woken.drainPermits();
                return goesOn();
            }
            if (!clock.instant().isBefore(end)) {
                return goesOn();
            }
        }
        return false;
    }

    private Instant earliest(Instant end) {
        var beat = sent.plus(HEARTBEAT);
        var first = end.isBefore(beat) ? end : beat;
        return caller.until().isBefore(first) ? caller.until() : first;
    }

    /** A millisecond more, for what the clock rounds off. */
    private static Duration until(Instant then, Instant now) {
        return Duration.between(now, then).plusMillis(1);
    }

    /** Ends a rest at once. */
    public void wake() {
        if (woken.availablePermits() == 0) {
            woken.release();
        }
    }

    /** Ends it, for a script that rests or sends next. */
    public void close() {
        closed = true;
        wake();
    }
}
