package io.switchboard.config.namespace;

import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.Answers;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.ensemble.HeirNodes;
import io.switchboard.config.namespace.Parents.Parent;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.Inherited;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.springframework.stereotype.Component;

/**
 * Which namespaces inherit which. A namespace is written down before its release inherits, and may
 * stay here when it doesn't any more: its release in effect tells.
 */
@Component
class Heirs {

    /** All of them are read at once, and each is given what its parent publishes. */
    static final int MOST = 1_000;

    private static final int AT_ONCE = 100;

    private final Ensemble ensemble;
    private final Identities identities;

    Heirs(Ensemble ensemble, Identities identities) {
        this.ensemble = ensemble;
        this.identities = identities;
    }

    /** Tells those that don't know of the heir, in one step; tells none if somebody tells one of them at the same time. */
    void add(NamespacePath heir, Map<NamespacePath, Parent> parents) {
        try {
            ensemble.commit(zookeeper -> {
                List<CuratorOp> steps = new ArrayList<>();
                for (Map.Entry<NamespacePath, Parent> parent : parents.entrySet()) {
                    Optional<Integer> heirs = parent.getValue().heirs();
                    if (heirs.isEmpty()) {
                        steps.add(made(zookeeper, HeirNodes.of(parent.getKey())));
                    }
                    if (!parent.getValue().knows()) {
                        checkRoom(parent.getKey(), heirs.orElse(0));
                        steps.add(made(zookeeper, HeirNodes.of(parent.getKey(), heir)));
                    }
                }
                return steps;
            });
        } catch (KeeperException.NodeExistsException | KeeperException.NoNodeException e) {
            // Another request was quicker.
        } catch (KeeperException e) {
            throw Namespaces.defect(heir, e);
        }
    }

    private static void checkRoom(NamespacePath parent, int heirs) {
        if (heirs >= MOST) {
            throw new Problem(
                    ConfigProblem.TOO_MANY_NAMES,
                    "There are " + MOST + " heirs of '" + parent.namespace() + "' already, the most.");
        }
    }

    private CuratorOp made(CuratorFramework zookeeper, String node) throws Exception {
        return zookeeper
                .transactionOp()
                .create()
                .withACL(identities.centerOnly())
                .forPath(node, new byte[0]);
    }

    /** By name, and those of heirs behind them; so many at most. */
    List<NamespacePath> first(NamespacePath parent, int most) {
        List<NamespacePath> found = new ArrayList<>(of(parent));
        for (int index = 0; index < found.size() && found.size() < most; index++) {
            of(found.get(index)).stream()
                    .filter(heir -> !found.contains(heir) && !heir.equals(parent))
                    .forEach(found::add);
        }
        return found.stream().limit(most).toList();
    }

    /** By name. */
    List<NamespacePath> of(NamespacePath parent) {
        return ensemble.children(HeirNodes.of(parent)).stream()
                .sorted()
                .flatMap(name -> HeirNodes.heir(parent, name).stream())
                .toList();
    }

    /** Those of these that anybody may inherit, in their order. Of most that is published nobody inherits anything. */
    List<NamespacePath> inherited(List<NamespacePath> all) {
        try {
            return ensemble.ask(zookeeper -> {
                List<NamespacePath> inherited = new ArrayList<>();
                for (int from = 0; from < all.size(); from += AT_ONCE) {
                    List<NamespacePath> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
                    Answers answers = Answers.of(
                            zookeeper,
                            some.stream()
                                    .map(path -> Answers.data(HeirNodes.of(path)))
                                    .toArray(Op[]::new));
                    for (int index = 0; index < some.size(); index++) {
                        if (answers.found(index)
                                .filter(found -> found.children() > 0)
                                .isPresent()) {
                            inherited.add(some.get(index));
                        }
                    }
                }
                return inherited;
            });
        } catch (KeeperException e) {
            throw new IllegalStateException("ZooKeeper answered " + e.code() + " for what was published", e);
        }
    }

    /** Those that may have another release of it than the one in effect, by name; only numbers are compared. */
    List<NamespacePath> behind(NamespacePath parent) {
        List<NamespacePath> all = of(parent);
        try {
            return ensemble.ask(zookeeper -> {
                Optional<Long> number =
                        current(zookeeper, parent).map(now -> now.pointer().number());
                List<NamespacePath> behind = new ArrayList<>();
                for (NamespacePath heir : all) {
                    Optional<Long> had = current(zookeeper, heir)
                            .flatMap(Current::release)
                            .flatMap(release -> release.inheritedFrom(parent))
                            .map(Inherited::number);
                    if (had.isEmpty() || !had.equals(number)) {
                        behind.add(heir);
                    }
                }
                return behind;
            });
        } catch (KeeperException e) {
            throw Namespaces.defect(parent, e);
        }
    }

    /** Empty also if it is damaged: whoever reads it whole says so. */
    private static Optional<Current> current(CuratorFramework zookeeper, NamespacePath path) throws Exception {
        try {
            return Optional.of(Current.decode(zookeeper.getData().forPath(path.current()), path));
        } catch (KeeperException.NoNodeException | DamagedContent e) {
            return Optional.empty();
        }
    }

    /** All namespaces that any may inherit. */
    List<NamespacePath> parents() {
        return ensemble.children(HeirNodes.ROOT).stream()
                .flatMap(name -> HeirNodes.parent(name).stream())
                .toList();
    }

    /** It inherits nothing any more. */
    void leave(Release release) {
        release.inherited().forEach(one -> delete(one.path(), HeirNodes.of(one.path(), release.path())));
    }

    /** Nobody inherits it any more. */
    void forget(NamespacePath parent) {
        delete(parent, HeirNodes.of(parent));
    }

    private void delete(NamespacePath parent, String node) {
        try {
            ensemble.ask(zookeeper -> {
                zookeeper.delete().deletingChildrenIfNeeded().forPath(node);
                return Optional.empty();
            });
        } catch (KeeperException.NoNodeException e) {
            // Gone already.
        } catch (KeeperException e) {
            throw Namespaces.defect(parent, e);
        }
    }
}
