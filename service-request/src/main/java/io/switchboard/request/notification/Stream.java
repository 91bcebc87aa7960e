package io.switchboard.request.notification;

import io.switchboard.contracts.identity.Caller;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * One open stream. Changes wait in a queue of its own, so that a slow client holds up nobody else; if it falls too far
 * behind it is cut off and resumes from the last event it got. It ends with the token it was opened with, so that nobody is
 * told more than a request would tell them; who has a new token resumes in the same way.
 */
final class Stream implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Stream.class);
    private static final int MOST_WAITING = 10_000;
    /** Keeps proxies from closing a stream on which nothing happens, and finds clients that are gone. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final SseEmitter emitter;
    private final Streams.Script script;
    private final Tail tail;
    private final Caller caller;
    private final Clock clock;
    private final Consumer<Stream> ended;
    private final BlockingQueue<Tail.Entry> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private volatile boolean closed;

    Stream(SseEmitter emitter, Streams.Script script, Tail tail, Caller caller, Clock clock, Consumer<Stream> ended) {
        this.emitter = emitter;
        this.script = script;
        this.tail = tail;
        this.caller = caller;
        this.clock = clock;
        this.ended = ended;
    }

    @Override
    public void run() {
        Consumer<Tail.Entry> watcher = this::offer;
        try {
            tail.watch(watcher);
            // Tells the client that nothing will be missed from here on.
            emitter.send(SseEmitter.event().comment("open"));
            if (script.replay(this::send)) {
                follow();
            }
            emitter.complete();
        } catch (IOException | IllegalStateException e) {
            // The client is gone; that is how most streams end.
            log.debug("stream ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.warn("stream failed", e);
            emitter.completeWithError(e);
        } finally {
            tail.unwatch(watcher);
            ended.accept(this);
        }
    }

    /** Whose credential it was opened with; empty for operators and services. */
    Optional<String> tenant() {
        return caller.tenant();
    }

    void close() {
        closed = true;
        // Wakes the thread where it waits for the next change; if the queue is full it is awake anyway.
        waiting.offer(END);
    }

    private static final Tail.Entry END =
            new Tail.Entry(new Cursor(0, 0), new Change("", new UUID(0, 0), null, 0, Instant.EPOCH, "", "", ""));

    private void offer(Tail.Entry entry) {
        if (script.concerns(entry.change()) && !waiting.offer(entry)) {
            closed = true;
        }
    }

    private void follow() throws IOException, InterruptedException {
        for (var now = clock.instant(); !closed && now.isBefore(caller.until()); now = clock.instant()) {
            var entry = waiting.poll(patience(now).toMillis(), TimeUnit.MILLISECONDS);
            if (closed || !clock.instant().isBefore(caller.until())) {
                return;
            }
            if (entry == null) {
                emitter.send(SseEmitter.event().comment("still here"));
            } else if (!script.send(entry.cursor().toString(), entry.change(), this::send)) {
                return;
            }
        }
    }

    /** To the next heartbeat, or to the end if that is sooner; a millisecond more, for what the clock rounds off. */
    private Duration patience(Instant now) {
        return caller.until().isBefore(now.plus(HEARTBEAT))
                ? Duration.between(now, caller.until()).plusMillis(1)
                : HEARTBEAT;
    }

    private void send(String id, String name, Object data) throws IOException {
        emitter.send(SseEmitter.event().id(id).name(name).data(data));
    }
}
