package io.switchboard.request.notification;

import io.switchboard.contracts.identity.Caller;
import java.io.IOException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The server-sent event streams that are open, each on a virtual thread of its own. */
@Component
public class Streams implements SmartLifecycle {

    /** What one stream sends. */
    public interface Script {

        /** Whether it may send this; asked on the feed's thread, so it must not block. */
        boolean concerns(Change change);

        /**
         * Sends what happened before the stream was opened; called first.
         *
         * @return false to end the stream after it
         */
        boolean replay(Sender sender) throws IOException;

        /**
         * Sends a change unless it was sent before.
         *
         * @param id of the change in the feed of all changes
         * @return false to end the stream after it
         */
        boolean send(String id, Change change, Sender sender) throws IOException;
    }

    /** Sends one event. */
    @FunctionalInterface
    public interface Sender {
        void send(String id, String name, Object data) throws IOException;
    }

    private final Tail tail;
    private final Clock clock;
    private final Set<Stream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    Streams(Tail tail, Clock clock) {
        this.tail = tail;
        this.clock = clock;
    }

    /** Opens a stream; it lives until the script ends it, the caller's token ends, the client goes, or the service stops. */
    public SseEmitter open(Script script, Caller caller) {
        var emitter = new SseEmitter(0L);
        var stream = new Stream(emitter, script, tail, caller.until(), clock, ended -> open.remove(ended));
        open.add(stream);
        emitter.onCompletion(stream::close);
        emitter.onTimeout(stream::close);
        emitter.onError(failure -> stream.close());
        Thread.ofVirtual().name("event-stream").start(stream);
        return emitter;
    }

    int count() {
        return open.size();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        open.forEach(Stream::close);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the web server, whose graceful shutdown would wait for streams that never end by themselves. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 100;
    }
}
