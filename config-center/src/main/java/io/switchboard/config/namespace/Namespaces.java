package io.switchboard.config.namespace;

import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Namespaces in ZooKeeper, the only place where they are. */
@Component
class Namespaces {

    /** Releases that are kept; publishing one more removes the oldest. */
    static final int KEPT_RELEASES = 50;

    /** How often a change without a revision is tried again when another one got in between. */
    private static final int ATTEMPTS = 10;

    private final Ensemble ensemble;
    private final NamespaceNodes nodes;
    private final Identities identities;
    private final Clock clock;

    Namespaces(Ensemble ensemble, NamespaceNodes nodes, Identities identities, Clock clock) {
        this.ensemble = ensemble;
        this.nodes = nodes;
        this.identities = identities;
        this.clock = clock;
    }

    /** Makes the namespace if it isn't there, so that clients can start before its first release. */
    void ensure(NamespacePath path) {
        try {
            nodes.ensure(path);
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    NamespaceState read(NamespacePath path) {
        try {
            return ensemble.ask(zookeeper -> state(zookeeper, path));
        } catch (KeeperException.NoNodeException e) {
            return NamespaceState.EMPTY;
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    /**
     * Changes the draft.
     *
     * @param changes a value for each key, {@code null} to take it out
     * @param revision what the draft must be at, or null for whatever it is at
     */
    NamespaceState edit(NamespacePath path, Map<String, @Nullable String> changes, @Nullable Long revision) {
        // Before any node is made: a refused change leaves nothing behind.
        ItemRules.encode(ItemRules.apply(Items.NONE, changes));
        current(path, revision);
        ensure(path);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            NamespaceState before = current(path, revision);
            Items after = ItemRules.apply(before.draft(), changes);
            if (after.equals(before.draft()) || stored(path, after, before.revision())) {
                return read(path);
            }
        }
        throw new Problem(RequestProblem.CONFLICT, "Others change this draft all the time.");
    }

    private NamespaceState current(NamespacePath path, @Nullable Long revision) {
        NamespaceState state = read(path);
        if (revision != null && revision != state.revision()) {
            throw stale(revision, state.revision());
        }
        return state;
    }

    private boolean stored(NamespacePath path, Items draft, long revision) {
        byte[] encoded = ItemRules.encode(draft);
        try {
            ensemble.ask(
                    zookeeper -> zookeeper.setData().withVersion((int) revision).forPath(path.draft(), encoded));
            return true;
        } catch (KeeperException.BadVersionException e) {
            return false;
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    /** Makes the draft the release in effect, in one step for everybody who looks. */
    Release publish(NamespacePath path, long revision, String author, String message) {
        NamespaceState state = current(path, revision);
        if (state.draft().equals(state.released())) {
            throw new Problem(
                    ConfigProblem.NOTHING_TO_PUBLISH,
                    "The draft is what release "
                            + state.release().map(Release::number).orElse(0L) + " holds.");
        }
        try {
            return ensemble.ask(zookeeper -> publish(zookeeper, path, state, author, message));
        } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException e) {
            throw new Problem(
                    ConfigProblem.STALE_REVISION, "Another change or release of this namespace got in between.");
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    private Release publish(
            CuratorFramework zookeeper, NamespacePath path, NamespaceState state, String author, String message)
            throws Exception {
        var stat = new Stat();
        Pointer before = Pointer.decode(zookeeper.getData().storingStatIn(stat).forPath(path.current()));
        if (before.number() != state.release().map(Release::number).orElse(0L)) {
            throw new KeeperException.BadVersionException(path.current());
        }
        var release = new Release(path, before.number() + 1, author, message, clock.instant(), state.draft());
        List<CuratorOp> steps = new ArrayList<>();
        steps.add(zookeeper
                .transactionOp()
                .check()
                .withVersion((int) state.revision())
                .forPath(path.draft()));
        steps.add(zookeeper
                .transactionOp()
                .create()
                .withACL(identities.readable(path))
                .forPath(path.release(release.number()), release.encode()));
        steps.add(zookeeper
                .transactionOp()
                .setData()
                .withVersion(stat.getVersion())
                .forPath(path.current(), release.pointer().encode()));
        // Contents can't tell two attempts apart: the same author may publish the same twice in one millisecond.
        byte[] attempt = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
        steps.add(zookeeper.transactionOp().setData().forPath(path.releases(), attempt));
        for (long old : superfluous(zookeeper, path)) {
            steps.add(zookeeper.transactionOp().delete().forPath(path.release(old)));
        }
        try {
            zookeeper.transaction().forOperations(steps);
        } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException e) {
            // Curator repeats after a lost answer: then it is our own release that is in the way.
            if (!Arrays.equals(zookeeper.getData().forPath(path.releases()), attempt)) {
                throw e;
            }
        }
        return release;
    }

    private static List<Long> superfluous(CuratorFramework zookeeper, NamespacePath path) throws Exception {
        List<Long> numbers = numbers(zookeeper, path);
        return numbers.subList(0, Math.max(0, numbers.size() - (KEPT_RELEASES - 1)));
    }

    private static List<Long> numbers(CuratorFramework zookeeper, NamespacePath path) throws Exception {
        return zookeeper.getChildren().forPath(path.releases()).stream()
                .map(Long::valueOf)
                .sorted()
                .toList();
    }

    /** Newest first. */
    List<Release> releases(NamespacePath path) {
        try {
            return ensemble.ask(zookeeper -> {
                List<Release> releases = new ArrayList<>();
                for (long number : numbers(zookeeper, path)) {
                    release(zookeeper, path, number).ifPresent(releases::add);
                }
                releases.sort(Comparator.comparing(Release::number).reversed());
                return releases;
            });
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    private static Optional<Release> release(CuratorFramework zookeeper, NamespacePath path, long number)
            throws Exception {
        try {
            return Optional.of(Release.decode(zookeeper.getData().forPath(path.release(number))));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        }
    }

    /** What clients say about themselves, by name; what isn't in our format, or not for us to read, is left out. */
    List<ClientReport> clients(NamespacePath path) {
        try {
            return ensemble.ask(zookeeper -> {
                List<ClientReport> reports = new ArrayList<>();
                for (String client : zookeeper.getChildren().forPath(path.clients())) {
                    report(zookeeper, path.clients() + "/" + client).ifPresent(reports::add);
                }
                reports.sort(Comparator.comparing(ClientReport::client));
                return reports;
            });
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    private static Optional<ClientReport> report(CuratorFramework zookeeper, String node) throws Exception {
        try {
            return Optional.of(ClientReport.decode(zookeeper.getData().forPath(node)));
        } catch (KeeperException.NoNodeException | KeeperException.NoAuthException | DamagedContent e) {
            return Optional.empty();
        }
    }

    private static NamespaceState state(CuratorFramework zookeeper, NamespacePath path) throws Exception {
        // Again if a release went away between the pointer and the look at it, which takes 50 releases at that moment.
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Pointer pointer = Pointer.decode(zookeeper.getData().forPath(path.current()));
            Optional<Release> release =
                    pointer.number() == 0 ? Optional.empty() : release(zookeeper, path, pointer.number());
            if (pointer.number() == 0 || release.isPresent()) {
                var stat = new Stat();
                Items draft =
                        Items.decode(zookeeper.getData().storingStatIn(stat).forPath(path.draft()));
                return new NamespaceState(stat.getVersion(), draft, release);
            }
        }
        throw new Problem(RequestProblem.CONFLICT, "Others publish in this namespace all the time.");
    }

    private static Problem stale(long given, long actual) {
        return new Problem(
                ConfigProblem.STALE_REVISION,
                "The draft is at revision " + actual + ", not " + given + ".",
                Map.of("revision", actual));
    }

    private static IllegalStateException defect(NamespacePath path, KeeperException e) {
        return new IllegalStateException("ZooKeeper answered " + e.code() + " for namespace " + path, e);
    }
}
