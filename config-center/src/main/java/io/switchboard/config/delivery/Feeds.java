package io.switchboard.config.delivery;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/** The feeds that somebody asked for lately. */
@Component
class Feeds {

    static final Duration IDLE = Duration.ofMinutes(5);

    private final Ensemble ensemble;
    private final InstantSource clock;
    private final Map<SortedSet<NamespacePath>, Feed> feeds = new ConcurrentHashMap<>();

    /** Changes of the connection so far. */
    private final AtomicLong connections = new AtomicLong();

    Feeds(Ensemble ensemble, InstantSource clock) {
        this.ensemble = ensemble;
        this.clock = clock;
        ensemble.onConnectionChange(connected -> {
            // First: a feed that is made meanwhile sees that it changed, or is told.
            connections.incrementAndGet();
            feeds.values().forEach(feed -> feed.connectionChanged(connected));
        });
    }

    /** @throws Problem {@link RequestProblem#NOT_FOUND} if one of them is missing */
    Feed of(SortedSet<NamespacePath> paths) {
        // From then on it is not idle, though whoever gets it has still to join it.
        Feed known = feeds.computeIfPresent(paths, (key, feed) -> {
            feed.use();
            return feed;
        });
        if (known != null) {
            return known;
        }
        dropIdle();
        long connection = connections.get();
        var fresh = new Feed(ensemble, clock, paths);
        // Before anybody can ask for it again: what does not exist is not kept.
        fresh.now();
        Feed earlier = feeds.putIfAbsent(paths, fresh);
        if (earlier == null) {
            if (connections.get() != connection) {
                // It wasn't among those that were told, and a new session has none of its watches.
                fresh.connectionChanged(false);
                fresh.connectionChanged(true);
            }
            return fresh;
        }
        fresh.close();
        return earlier;
    }

    private void dropIdle() {
        feeds.forEach((paths, feed) -> {
            // Looked at once more where nobody gets it meanwhile.
            if (feed.idleFor(IDLE)
                    && feeds.computeIfPresent(paths, (key, one) -> one.idleFor(IDLE) ? null : one) != feed) {
                feed.close();
            }
        });
    }
}
