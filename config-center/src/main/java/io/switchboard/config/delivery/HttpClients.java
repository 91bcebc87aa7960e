package io.switchboard.config.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.ClientReport.Trials;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Clients without a ZooKeeper session of their own. Their reports lie beside those of the others, in nodes that go with this
 * center's session, or when they weren't repeated.
 */
@Component
class HttpClients implements MeterBinder {

    /** A client repeats its report at least each minute. */
    static final Duration LEASE = Duration.ofSeconds(90);

    /** Of one application at this center, whichever of its keys they have: each is a node that others look at. */
    static final int MOST = 5_000;

    private static final Logger log = LoggerFactory.getLogger(HttpClients.class);

    private final Ensemble ensemble;
    private final Identities identities;
    private final long room;
    private final Clock clock;

    /** Bytes of the record that ZooKeeper writes when this center's session ends. */
    private final AtomicLong held = new AtomicLong();

    /** By application and node. */
    private final Map<String, Map<String, Lease>> leases = new ConcurrentHashMap<>();

    /** @param version of the node, as this center wrote it last */
    private record Lease(ClientReport report, int version, Instant until) {}

    HttpClients(Ensemble ensemble, Identities identities, HttpDeliveryProperties properties, Clock clock) {
        this.ensemble = ensemble;
        this.identities = identities;
        this.room = properties.reportRoom().toBytes();
        this.clock = clock;
    }

    /**
     * @throws Problem {@link RequestProblem#NOT_FOUND} if the namespace is missing, {@link DeliveryProblem#TOO_MANY_REPORTS} if the
     *     application has too many clients, or the center no room for more
     */
    void report(NamespacePath path, String client, long release, Optional<String> problem, Optional<Trials> trials) {
        String node = path.client(client) + "~http";
        Map<String, Lease> own = leases.computeIfAbsent(path.applicationNode(), key -> new ConcurrentHashMap<>());
        if (own.size() >= MOST && !own.containsKey(node)) {
            throw new Problem(
                    DeliveryProblem.TOO_MANY_REPORTS, MOST + " clients of this application report here already.");
        }
        own.compute(node, (key, before) -> {
            Instant now = clock.instant();
            Instant since = before != null && before.report().release() == release
                    ? before.report().since()
                    : now;
            var report = new ClientReport(client, release, since, problem, Optional.empty(), trials);
            if (before != null) {
                return new Lease(report, written(node, report, Optional.of(before)), now.plus(LEASE));
            }
            takeRoom(node);
            try {
                return new Lease(report, written(node, report, Optional.empty()), now.plus(LEASE));
            } catch (RuntimeException e) {
                held.addAndGet(-bytes(node));
                throw e;
            }
        });
    }

    private void takeRoom(String node) {
        if (held.addAndGet(bytes(node)) > room) {
            held.addAndGet(-bytes(node));
            throw new Problem(
                    DeliveryProblem.TOO_MANY_REPORTS, "As many clients report here as this center has room for.");
        }
    }

    /** In the record: its length, and itself. */
    private static int bytes(String node) {
        return Integer.BYTES + node.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The node's version. It is looked for each time: it may have been another center's, and gone with that one. */
    private int written(String node, ClientReport report, Optional<Lease> before) {
        try {
            Optional<Stat> there = ensemble.ask(
                    zookeeper -> Optional.ofNullable(zookeeper.checkExists().forPath(node)));
            if (there.isEmpty()) {
                ensemble.commit(zookeeper -> List.of(zookeeper
                        .transactionOp()
                        .create()
                        .withMode(CreateMode.EPHEMERAL)
                        .withACL(identities.centerOnly())
                        .forPath(node, report.encode())));
                return 0;
            }
            Stat stat = there.get();
            return ensemble.ask(zookeeper -> {
                boolean same = before.isPresent()
                        && before.get().version() == stat.getVersion()
                        && before.get().report().equals(report);
                return same
                        ? stat.getVersion()
                        : zookeeper.setData().forPath(node, report.encode()).getVersion();
            });
        } catch (KeeperException.NoNodeException e) {
            throw new Problem(RequestProblem.NOT_FOUND, "The namespace does not exist.");
        } catch (KeeperException.NodeExistsException e) {
            throw new Problem(RequestProblem.CONFLICT, "Another report of this client got in between.");
        } catch (KeeperException e) {
            throw new IllegalStateException("ZooKeeper answered " + e.code() + " for " + node, e);
        }
    }

    @Scheduled(fixedDelayString = "15s")
    void forget() {
        // Without an ensemble there is nothing to wait for.
        if (!ensemble.connected()) {
            return;
        }
        Instant now = clock.instant();
        leases.values().forEach(own -> forget(own, now));
    }

    private void forget(Map<String, Lease> own, Instant now) {
        for (String node : own.keySet()) {
            own.computeIfPresent(node, (key, lease) -> {
                if (now.isBefore(lease.until())) {
                    return lease;
                }
                if (isHeldStill(node, lease.version())) {
                    return lease;
                }
                held.addAndGet(-bytes(node));
                return null;
            });
        }
    }

    /** What another center has written since goes when the client doesn't report there any more; until then it is in our session. */
    private boolean isHeldStill(String node, int version) {
        try {
            return ensemble.ask(zookeeper -> {
                Stat there = zookeeper.checkExists().forPath(node);
                long session = zookeeper.getZookeeperClient().getZooKeeper().getSessionId();
                if (there != null && there.getVersion() == version) {
                    zookeeper.delete().withVersion(version).forPath(node);
                    return false;
                }
                return there != null && there.getEphemeralOwner() == session;
            });
        } catch (KeeperException.NoNodeException e) {
            return false;
        } catch (KeeperException | Problem e) {
            log.debug("Not removed: {}", e.getMessage());
            return true;
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("switchboard.config.reports.held", held, AtomicLong::get)
                .baseUnit("bytes")
                .description("Room that reports of clients over HTTP take of config.delivery.http.report-room")
                .register(registry);
    }
}
