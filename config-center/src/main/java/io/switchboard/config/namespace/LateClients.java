package io.switchboard.config.namespace;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.switchboard.config.ensemble.Answers;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Clients that don't run the release in effect although they had time for it. Each release is watched by the center that
 * made it, and soon by all others, which outlive it, until nobody is late; the gauge
 * {@code switchboard.config.clients.late} counts those that are late, and the log of each center
 * names them once.
 */
@Component
class LateClients implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(LateClients.class);

    /** How far a center that starts looks back. */
    private static final Duration BEFORE_START = Duration.ofHours(1);

    private static final Duration FIND_EVERY = Duration.ofMinutes(1);

    /** ZooKeeper's clock says when a release came into effect. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    private static final int MOST_NAMED = 10;
    private static final int AT_ONCE = 1_000;

    private final Ensemble ensemble;
    private final Namespaces namespaces;
    private final NamespaceTree tree;
    private final Duration limit;
    private final Clock clock;
    private final Map<NamespacePath, Watched> watched = new ConcurrentHashMap<>();

    /** What came into effect by then was looked for. */
    private Instant found;

    /**
     * @param since when this center was told that it is in effect, or else when it came into effect, as ZooKeeper says
     * @param late clients at the last look; 0 before there was one
     */
    private record Watched(Release release, Instant since, int late) {}

    LateClients(
            Ensemble ensemble, Namespaces namespaces, NamespaceTree tree, DeliveryProperties properties, Clock clock) {
        this.ensemble = ensemble;
        this.namespaces = namespaces;
        this.tree = tree;
        this.limit = properties.confirmWithin();
        this.clock = clock;
        this.found = clock.instant().minus(BEFORE_START);
    }

    /** Unless it is watched already, or is told late and a newer one is watched by now. */
    void watch(Release release) {
        watch(release, clock.instant());
    }

    private void watch(Release release, Instant since) {
        watched.merge(
                release.path(),
                new Watched(release, since, 0),
                (before, now) -> before.release().number() >= release.number() ? before : now);
    }

    /** Watches what came into effect since; other centers, or this one before its start, may have made it and be gone. */
    private void find(Instant from) {
        for (String tenant : tree.tenants()) {
            Optional<NamespacePath> after = Optional.empty();
            do {
                var rest = new NamespaceTree.Scope(tenant, Optional.empty(), Optional.empty(), after);
                List<NamespacePath> some = tree.list(rest, AT_ONCE);
                changedSince(from, some).forEach(this::find);
                after = some.size() < AT_ONCE ? Optional.empty() : Optional.of(some.getLast());
            } while (after.isPresent());
        }
    }

    private List<NamespacePath> changedSince(Instant from, List<NamespacePath> paths) {
        try {
            List<Optional<Stat>> stats = ensemble.ask(zookeeper -> Answers.stats(
                    zookeeper, paths.stream().map(NamespacePath::current).toList()));
            return IntStream.range(0, paths.size())
                    .filter(index -> stats.get(index)
                            .filter(stat -> stat.getMtime() > from.toEpochMilli())
                            .isPresent())
                    .mapToObj(paths::get)
                    .toList();
        } catch (KeeperException e) {
            throw new IllegalStateException("ZooKeeper answered " + e.code() + " for the releases in effect", e);
        }
    }

    private void find(NamespacePath path) {
        try {
            NamespaceState state = namespaces.read(path);
            state.release().ifPresent(release -> watch(release, state.since()));
        } catch (Problem e) {
            throw e;
        } catch (RuntimeException e) {
            // Damaged; the others are looked at all the same.
            log.error("clients are not looked at until the next release: namespace={}", path, e);
        }
    }

    /** Since when this client is late; empty if it is not, or if it is for a canary to wait for it. */
    Optional<Instant> lateSince(ClientReport client, NamespaceState state) {
        if (state.canary().filter(client::isChosenBy).isPresent()) {
            return Optional.empty();
        }
        return state.release()
                .filter(release -> client.release() != release.number())
                .map(release -> state.since().plus(limit))
                .filter(clock.instant()::isAfter);
    }

    @Scheduled(fixedDelayString = "PT2S")
    void look() {
        // Without an ensemble there is nothing to wait for.
        if (ensemble.connected()) {
            Instant now = clock.instant();
            if (now.isAfter(found.plus(FIND_EVERY))) {
                try {
                    find(found.minus(CLOCKS_DIFFER));
                    found = now;
                } catch (Problem unavailable) {
                    log.debug("releases in effect are not looked at: {}", unavailable.detail());
                } catch (RuntimeException e) {
                    // As it will be in two seconds; those that this center makes are looked at all the same.
                    found = now;
                    log.error("late clients of what others released are not looked for", e);
                }
            }
            watched.values().stream()
                    .filter(one -> now.isAfter(one.since().plus(limit)))
                    .forEach(this::look);
        }
    }

    private void look(Watched before) {
        NamespacePath path = before.release().path();
        try {
            NamespaceState state = namespaces.read(path);
            List<String> late = namespaces.clients(path).stream()
                    .filter(client -> lateSince(client, state).isPresent())
                    .map(ClientReport::client)
                    .toList();
            if (late.size() > before.late()) {
                log.warn(
                        "clients are late: namespace={} release={} late={} among them {}",
                        path,
                        before.release().number(),
                        late.size(),
                        late.stream().limit(MOST_NAMED).toList());
            }
            // Unless a newer release took its place meanwhile.
            watched.computeIfPresent(
                    path,
                    (key, now) -> !now.equals(before)
                            ? now
                            : late.isEmpty() ? null : new Watched(before.release(), before.since(), late.size()));
        } catch (Problem e) {
            log.debug("Not looked at: {}", e.getMessage());
        } catch (RuntimeException e) {
            // Damaged, as it will be in two seconds; the others are looked at all the same.
            watched.remove(path, before);
            log.error("clients are not looked at until the next release: namespace={}", path, e);
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(
                        "switchboard.config.clients.late",
                        watched,
                        all -> all.values().stream().mapToInt(Watched::late).sum())
                .description("Clients that don't run the release in effect although they had time for it")
                .register(registry);
    }
}
