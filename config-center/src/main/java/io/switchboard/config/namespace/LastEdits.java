package io.switchboard.config.namespace;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.ensemble.HeirNodes;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.springframework.stereotype.Component;

/**
 * Namespaces as this center's last edits left them: whoever publishes what he just saved waits for no look at it. The release's
 * transaction checks most of what was seen. What it can't check is watched, and with the first sign that it may be another, all that is
 * kept here is forgotten: heirs and builds that come, applications and lists of freezes that go and may come again with the same
 * versions.
 */
@Component
class LastEdits {

    /** From the edit to its publication; who reads over it first waits for a look. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    /** Bytes, roughly: of keys, values and what an entry of a map takes beside them. */
    private static final long ROOM = 32L * 1024 * 1024;

    private static final int ENTRY = 100;

    private final Ensemble ensemble;
    private final Cache<NamespacePath, Kept> kept = Caffeine.newBuilder()
            .expireAfterWrite(KEPT)
            .maximumWeight(ROOM)
            .weigher((NamespacePath path, Kept one) -> one.weight())
            .executor(Runnable::run)
            .build();

    /** Signs that something may be another. */
    private final AtomicLong signs = new AtomicLong();

    /** Sessions in which nodes are watched; hardly more than there are tenants. */
    private final Map<String, Long> watched = new ConcurrentHashMap<>();

    /** Always the same one: ZooKeeper's client keeps each other one beside it. */
    private final Watcher watcher = event -> forget();

    LastEdits(Ensemble ensemble) {
        this.ensemble = ensemble;
        ensemble.onConnectionChange(connected -> forget());
    }

    /** @param sign the last one before it was read */
    private record Kept(NamespaceState state, long sign) {

        private int weight() {
            int inherited = state.release().stream()
                    .flatMap(release -> release.inherited().stream())
                    .mapToInt(one -> weight(one.items()))
                    .sum();
            return weight(state.draft()) + weight(state.wholeDraft().authors()) + weight(state.released()) + inherited;
        }

        private static int weight(Items items) {
            int weight = ENTRY;
            for (Map.Entry<String, String> item : items.values().entrySet()) {
                weight += ENTRY + item.getKey().length() + item.getValue().length();
            }
            for (Map.Entry<String, Secret> item : items.secrets().entrySet()) {
                weight +=
                        ENTRY + item.getKey().length() + item.getValue().value().content().length;
            }
            return weight;
        }
    }

    /** Before a namespace is read; what it gives goes to {@link #keep}. */
    long watch(NamespacePath path) {
        try {
            return ensemble.ask(zookeeper -> {
                watch(zookeeper, path.tenantNode(), AddWatchMode.PERSISTENT);
                watch(zookeeper, NamespacePath.BUILDS, AddWatchMode.PERSISTENT_RECURSIVE);
                watch(zookeeper, HeirNodes.ROOT, AddWatchMode.PERSISTENT_RECURSIVE);
                return signs.get();
            });
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }

    private void watch(CuratorFramework zookeeper, String node, AddWatchMode mode) throws Exception {
        // Asked before: if the session ends meanwhile, the next edit sets the watch again. Without one yet it is 0.
        long session = zookeeper.getZookeeperClient().getZooKeeper().getSessionId();
        if (session == 0 || !Long.valueOf(session).equals(watched.get(node))) {
            zookeeper.watchers().add().withMode(mode).usingWatcher(watcher).forPath(node);
            watched.put(node, session);
        }
    }

    /** Something is another, and the next publication is to know: signs come a moment after what they tell of. */
    void forget() {
        signs.incrementAndGet();
    }

    /**
     * In place of what was kept of it before.
     *
     * @param sign what {@link #watch} gave before it was read
     */
    void keep(NamespacePath path, NamespaceState state, long sign) {
        // With a canary it could only be refused.
        if (state.canary().isEmpty()) {
            kept.put(path, new Kept(state, sign));
        }
    }

    /** Gives each once, as a publication makes it another; empty unless all are kept and at these revisions. */
    Optional<SortedMap<NamespacePath, NamespaceState>> take(SortedMap<NamespacePath, Long> revisions) {
        SortedMap<NamespacePath, NamespaceState> states = new TreeMap<>();
        revisions.forEach((path, revision) -> {
            Kept one = kept.asMap().remove(path);
            if (one != null && one.sign() == signs.get() && one.state().revision() == revision) {
                states.put(path, one.state());
            }
        });
        return states.size() == revisions.size() ? Optional.of(states) : Optional.empty();
    }
}
