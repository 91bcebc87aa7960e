package io.switchboard.config.namespace;

import io.switchboard.config.credential.KeyUses;
import io.switchboard.config.credential.Keyrings;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.ensemble.ReportedNodes;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.config.ApplicationsApi.ApplicationView;
import io.switchboard.contracts.config.ApplicationsApi.StageView;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.springframework.stereotype.Component;

/** What the applications of a tenant have, and how it ends. */
@Component
class Applications {

    /** Of one application: as many as its stages may have. */
    private static final int MOST_NAMESPACES = 2_000;

    private final Ensemble ensemble;
    private final ReportedNodes reported;
    private final NamespaceTree tree;
    private final Namespaces namespaces;
    private final Schedules schedules;
    private final CanaryEnds canaries;
    private final HistoryCopies copies;
    private final Inheritance inheritance;
    private final Heirs heirs;
    private final Keyrings keyrings;
    private final KeyUses keyUses;
    private final Audit audit;
    private final Clock clock;

    Applications(
            Ensemble ensemble,
            ReportedNodes reported,
            NamespaceTree tree,
            Namespaces namespaces,
            Schedules schedules,
            CanaryEnds canaries,
            HistoryCopies copies,
            Inheritance inheritance,
            Heirs heirs,
            Keyrings keyrings,
            KeyUses keyUses,
            Audit audit,
            Clock clock) {
        this.ensemble = ensemble;
        this.reported = reported;
        this.tree = tree;
        this.namespaces = namespaces;
        this.schedules = schedules;
        this.canaries = canaries;
        this.copies = copies;
        this.inheritance = inheritance;
        this.heirs = heirs;
        this.keyrings = keyrings;
        this.keyUses = keyUses;
        this.audit = audit;
        this.clock = clock;
    }

    /** By name, those behind {@code after}. */
    List<ApplicationView> list(String tenant, String after, int most) {
        return tree.applications(tenant).stream()
                .filter(name -> name.compareTo(after) > 0)
                .limit(most)
                .map(name -> view(tenant, name))
                .toList();
    }

    private ApplicationView view(String tenant, String application) {
        Map<String, List<NamespacePath>> byStage = namespacesOf(tenant, application).stream()
                .collect(Collectors.groupingBy(NamespacePath::stage, TreeMap::new, Collectors.toList()));
        List<StageView> stages = new ArrayList<>();
        byStage.forEach((stage, paths) -> {
            Optional<Instant> last = paths.stream()
                    .flatMap(path -> namespaces.read(path).release().stream())
                    .map(Release::at)
                    .max(Comparator.naturalOrder());
            stages.add(new StageView(stage, paths.size(), clients(paths), last));
        });
        return new ApplicationView(application, stages);
    }

    private List<NamespacePath> namespacesOf(String tenant, String application) {
        return tree.list(
                new NamespaceTree.Scope(tenant, Optional.of(application), Optional.empty(), Optional.empty()),
                MOST_NAMESPACES);
    }

    /** A client reports once in each namespace that it reads; the fullest tells how many there are. */
    private int clients(List<NamespacePath> paths) {
        return paths.stream().mapToInt(this::clients).max().orElse(0);
    }

    private int clients(NamespacePath path) {
        try {
            Stat stat = ensemble.ask(zookeeper -> zookeeper.checkExists().forPath(path.clients()));
            return stat == null ? 0 : stat.getNumChildren();
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }

    /**
     * @param application any namespace of it
     * @throws Problem {@link ConfigProblem#NOT_A_PUBLISHER} if one of its stages has others
     */
    void checkPublisher(NamespacePath application, Caller caller) {
        namespacesOf(application.tenant(), application.application())
                .forEach(path ->
                        PublishRules.checkPublisher(namespaces.read(path).rules(), caller));
    }

    /** @param application any namespace of it */
    void delete(NamespacePath application, Caller caller) {
        List<NamespacePath> paths = namespacesOf(application.tenant(), application.application());
        if (paths.isEmpty()) {
            return;
        }
        for (NamespacePath path : paths) {
            NamespaceState state = namespaces.read(path);
            PublishRules.checkPublisher(state.rules(), caller);
            PublishRules.checkFreeze(path, state, clock.instant(), null, Optional.empty());
        }
        inheritance.checkNobodyElseInherits(paths);
        int clients = clients(paths);
        if (clients > 0) {
            throw new Problem(
                    ConfigProblem.APPLICATION_IN_USE,
                    clients + " clients read the configuration of '" + application.application() + "'.",
                    Map.of("clients", clients));
        }
        paths.stream()
                .map(path -> path.sibling(NamespacePath.DEFAULT_NAMESPACE))
                .distinct()
                .forEach(stage -> {
                    schedules.cancelAll(stage, caller);
                    canaries.abandonAll(stage, caller);
                });
        // First: what is left of a former application must not be taken for a later one's of that name.
        copies.delete(application);
        paths.forEach(path -> {
            namespaces.read(path).release().ifPresent(heirs::leave);
            heirs.forget(path);
        });
        delete(application);
        keyrings.forget(application);
        keyUses.forget(application);
        audit.deleted(application, Callers.actor(caller), paths);
    }

    private void delete(NamespacePath path) {
        String below = "/" + path.tenant() + "/" + path.application();
        try {
            reported.ask(zookeeper -> {
                deleted(zookeeper, path.builds());
                return path;
            });
            ensemble.ask(zookeeper -> {
                writeAgain(zookeeper, path.applicationNode());
                // The namespaces last: as long as they are there, the same call goes on where this one was cut off.
                deleted(zookeeper, Documents.ROOT + "/schemas" + below);
                deleted(zookeeper, Documents.ROOT + "/canaries" + below);
                deleted(zookeeper, Documents.ROOT + "/schedules" + below);
                deleted(zookeeper, Documents.ROOT + "/rules" + below);
                deleted(zookeeper, Documents.ROOT + "/keys" + below);
                deleted(zookeeper, path.applicationNode());
                return path;
            });
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }

    /** Whoever publishes what he saw of it before finds another version, also where somebody makes its namespaces again meanwhile. */
    private static void writeAgain(CuratorFramework zookeeper, String node) throws Exception {
        try {
            zookeeper.setData().forPath(node, new byte[0]);
        } catch (KeeperException.NoNodeException e) {
            // Gone already.
        }
    }

    private static void deleted(CuratorFramework zookeeper, String node) throws Exception {
        try {
            zookeeper.delete().deletingChildrenIfNeeded().forPath(node);
        } catch (KeeperException.NoNodeException e) {
            // Gone already.
        }
    }
}
