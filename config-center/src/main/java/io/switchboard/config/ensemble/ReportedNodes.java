package io.switchboard.config.ensemble;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.Answers.Content;
import io.switchboard.config.ensemble.Ensemble.Question;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Looks at nodes that readers write: as many as they like, with names as long as they like. An answer that is too long ends the
 * connection it comes by, so this is a session of its own, on which no release waits; and what is too much is not asked for again soon.
 */
@Component
public class ReportedNodes implements MeterBinder, AutoCloseable {

    /** Below one node. */
    public static final int MOST = 20_000;

    private static final Logger log = LoggerFactory.getLogger(ReportedNodes.class);

    private static final int LONGEST_ANSWER = 16 * 1024 * 1024;
    private static final int ATTEMPTS = 3;

    /** So that no more than these are in memory, whatever they hold. */
    private static final int AT_ONCE = 64;

    private static final int LARGEST = 64 * 1024;
    private static final Duration NOT_AGAIN = Duration.ofMinutes(5);

    private final Ensemble ensemble;
    private final Session session;
    private final int reconnecting;
    private final Clock clock;

    /** Nodes below which there is too much, as it was said once, and until when that is believed. */
    private final Map<String, Instant> overfull = new ConcurrentHashMap<>();

    ReportedNodes(Ensemble ensemble, ZooKeeperProperties properties, Identities identities, Clock clock) {
        this.ensemble = ensemble;
        this.session = new Session(properties, identities, LONGEST_ANSWER);
        this.reconnecting = (int) properties.requestTimeout().toMillis();
        this.clock = clock;
    }

    /** What lies below a node. */
    public sealed interface Listing {

        /** In no order; none if the node isn't there. */
        record Names(List<String> names) implements Listing {}

        /**
         * More than {@link #MOST}, or with names that are too long together.
         *
         * @param count how many
         */
        record TooMany(int count) implements Listing {}

        /** None in place of too many. */
        default List<String> orNone() {
            return switch (this) {
                case Names(List<String> names) -> names;
                case TooMany tooMany -> List.of();
            };
        }
    }

    /**
     * @throws io.switchboard.contracts.problem.Problem {@link io.switchboard.contracts.problem.RequestProblem#UNAVAILABLE} if ZooKeeper gave
     *     no answer in time
     */
    public Listing list(String parent) throws KeeperException {
        Optional<Stat> there =
                ask(zookeeper -> Optional.ofNullable(zookeeper.checkExists().forPath(parent)));
        int count = there.map(Stat::getNumChildren).orElse(0);
        if (count == 0) {
            return few(parent, List.of());
        }
        Instant until = overfull.get(parent);
        if (count > MOST || (until != null && clock.instant().isBefore(until))) {
            return tooMany(parent, count);
        }
        try {
            return few(parent, whileOpen(zookeeper -> names(zookeeper, parent)));
        } catch (KeeperException.NoNodeException e) {
            return few(parent, List.of());
        } catch (TooLong e) {
            return tooMany(parent, count);
        }
    }

    private Listing few(String parent, List<String> names) {
        overfull.remove(parent);
        return new Listing.Names(names);
    }

    private Listing tooMany(String parent, int count) {
        if (overfull.put(parent, clock.instant().plus(NOT_AGAIN)) == null) {
            log.warn("{} nodes below {} are too many to look at, or have too long names", count, parent);
        }
        return new Listing.TooMany(count);
    }

    /** The answer is. */
    private static final class TooLong extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    private List<String> names(CuratorFramework zookeeper, String parent) throws Exception {
        // Not by Curator, which repeats it; and twice, as it may have been somebody else's answer that was too long.
        for (int left = 1; ; left--) {
            try {
                return zookeeper.getZookeeperClient().getZooKeeper().getChildren(parent, false);
            } catch (KeeperException.ConnectionLossException e) {
                if (!ensemble.connected() || !isBack(zookeeper)) {
                    throw e;
                }
                if (left == 0) {
                    throw new TooLong();
                }
            }
        }
    }

    /** Neither before a restore has put things there nor after one has begun. */
    private <T> T whileOpen(Question<T> question) throws KeeperException {
        return ensemble.ask(releases -> session.ask(question));
    }

    private boolean isBack(CuratorFramework zookeeper) throws InterruptedException {
        return zookeeper.blockUntilConnected(reconnecting, TimeUnit.MILLISECONDS);
    }

    /** As {@link Ensemble#ask}, of what readers write; asked again if somebody else's answer ended the connection. */
    public <T> T ask(Question<T> question) throws KeeperException {
        return whileOpen(zookeeper -> {
            for (int left = ATTEMPTS - 1; ; left--) {
                try {
                    return question.ask(zookeeper);
                } catch (KeeperException.ConnectionLossException e) {
                    if (left == 0 || !ensemble.connected() || !isBack(zookeeper)) {
                        throw e;
                    }
                }
            }
        });
    }

    /** What nodes hold, in their order, without those that are gone, not for us to read, or too large. */
    public <T> List<T> decoded(List<String> nodes, Function<Content, Optional<T>> decoding) throws KeeperException {
        List<T> decoded = new ArrayList<>();
        for (int from = 0; from < nodes.size(); from += AT_ONCE) {
            List<String> some = nodes.subList(from, Math.min(from + AT_ONCE, nodes.size()));
            for (Content content : ask(zookeeper -> Answers.contents(zookeeper, some))) {
                if (content.data().length <= LARGEST) {
                    decoding.apply(content).ifPresent(decoded::add);
                }
            }
        }
        return decoded;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("switchboard.config.nodes.overfull", overfull, Map::size)
                .description("Nodes below which readers have put more than the center looks at")
                .register(registry);
    }

    @Override
    public void close() {
        session.close();
    }
}
