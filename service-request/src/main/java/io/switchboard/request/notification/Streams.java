package io.switchboard.request.notification;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
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
    private final StreamProperties limits;
    private final Set<Stream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    Streams(Tail tail, Clock clock, StreamProperties limits) {
        this.tail = tail;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Opens a stream; it lives until the script ends it, the caller's token ends, the client goes, or the service stops.
     *
     * @throws Problem {@link RequestProblem#TOO_MANY_REQUESTS} if as many are open as may be
     */
    public SseEmitter open(Script script, Caller caller) {
        var emitter = new SseEmitter(0L);
        var stream = new Stream(emitter, script, tail, caller, clock, ended -> open.remove(ended));
        admit(stream);
        emitter.onCompletion(stream::close);
        emitter.onTimeout(stream::close);
        emitter.onError(failure -> stream.close());
        Thread.ofVirtual().name("event-stream").start(stream);
        return emitter;
    }

    private synchronized void admit(Stream stream) {
        var tenant = stream.tenant();
        if (tenant.isPresent()
                && open.stream().filter(other -> other.tenant().equals(tenant)).count() >= limits.perTenant()) {
            throw new Problem(
                    RequestProblem.TOO_MANY_REQUESTS,
                    "Tenant '%s' has %d event streams open, which is the most it may have."
                            .formatted(tenant.get(), limits.perTenant()));
        }
        if (open.size() >= limits.inAll()) {
            throw new Problem(
                    RequestProblem.TOO_MANY_REQUESTS,
                    "There are %d event streams open, which is all this service holds.".formatted(limits.inAll()));
        }
        open.add(stream);
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
