package io.switchboard.request.notification;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.streams.EventStream;
import io.switchboard.streams.EventStreams;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Streams of changes: what was before, then what is new. */
@Component
public class Streams {

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

    private static final int MOST_WAITING = 10_000;
    /** It is woken by what is new. */
    private static final Duration LONG = Duration.ofHours(1);

    private final EventStreams streams;
    private final Tail tail;

    Streams(EventStreams streams, Tail tail) {
        this.streams = streams;
        this.tail = tail;
    }

    /**
     * Opens a stream; it lives until the script ends it, the caller's token ends, the client goes, or the service stops.
     *
     * @throws Problem {@link RequestProblem#TOO_MANY_REQUESTS} if as many are open as may be
     */
    public SseEmitter open(Script script, Caller caller) {
        return streams.open(caller, stream -> play(script, stream));
    }

    /**
     * Changes wait in a queue of its own, so that a slow client holds up nobody else; if it falls too far behind it is cut
     * off and resumes from the last event it got.
     */
    private void play(Script script, EventStream stream) throws IOException, InterruptedException {
        var waiting = new LinkedBlockingQueue<Tail.Entry>(MOST_WAITING);
        Consumer<Tail.Entry> watcher = entry -> {
            if (script.concerns(entry.change())) {
                if (waiting.offer(entry)) {
                    stream.wake();
                } else {
                    stream.close();
                }
            }
        };
        try {
            tail.watch(watcher);
            stream.greet();
            if (script.replay(stream::send)) {
                follow(script, stream, waiting);
            }
        } finally {
            tail.unwatch(watcher);
        }
    }

    private static void follow(Script script, EventStream stream, BlockingQueue<Tail.Entry> waiting)
            throws IOException, InterruptedException {
        do {
            for (var entry = waiting.poll(); entry != null; entry = waiting.poll()) {
                if (!stream.goesOn() || !script.send(entry.cursor().toString(), entry.change(), stream::send)) {
                    return;
                }
            }
        } while (stream.rest(LONG));
    }
}
