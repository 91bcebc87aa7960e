package io.switchboard.streams;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.io.IOException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The streams of one kind that a service holds open, each on a virtual thread of its own. */
public final class EventStreams implements SmartLifecycle {

    /**
     * How many there may be at once; one more is refused.
     *
     * @param perTenant of one tenant; operators and services are only bound by the sum
     * @param inAll of everybody together
     */
    public record Limits(int perTenant, int inAll) {}

    /** What one stream sends, from its first event to its last. */
    @FunctionalInterface
    public interface Script {

        /** Returns, which ends the stream, at the latest soon after {@link EventStream#rest} answers that it is over. */
        void play(EventStream stream) throws IOException, InterruptedException;
    }

    private final String kind;
    private final Limits limits;
    private final Clock clock;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    /** @param kind what they are called, in the plural */
    public EventStreams(String kind, Limits limits, Clock clock) {
        this.kind = kind;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Opens a stream; it lives until the script ends it, the caller's token ends, the client goes, or the service stops.
     *
     * @throws Problem {@link RequestProblem#TOO_MANY_REQUESTS} if as many are open as may be
     */
    public SseEmitter open(Caller caller, Script script) {
        var stream = new EventStream(caller, clock);
        admit(stream);
        return stream.play(script, kind, () -> open.remove(stream));
    }

    private synchronized void admit(EventStream stream) {
        var tenant = stream.tenant();
        if (tenant.isPresent()
                && open.stream().filter(other -> other.tenant().equals(tenant)).count() >= limits.perTenant()) {
            throw new Problem(
                    RequestProblem.TOO_MANY_REQUESTS,
                    "Tenant '%s' has %d %s open, which is the most it may have."
                            .formatted(tenant.get(), limits.perTenant(), kind));
        }
        if (open.size() >= limits.inAll()) {
            throw new Problem(
                    RequestProblem.TOO_MANY_REQUESTS,
                    "There are %d %s open, which is all this service holds.".formatted(limits.inAll(), kind));
        }
        open.add(stream);
    }

    /** How many are open. */
    public int count() {
        return open.size();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        open.forEach(EventStream::close);
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
