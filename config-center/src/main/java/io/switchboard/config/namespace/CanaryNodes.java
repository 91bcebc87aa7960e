package io.switchboard.config.namespace;

import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.CanaryApi.CanaryState;
import io.switchboard.contracts.problem.Problem;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.springframework.stereotype.Component;

/**
 * What is kept of canaries beside the node that clients read. All of it changes in the transaction that changes that one, so
 * that a center that dies leaves nothing half done.
 */
@Component
class CanaryNodes {

    private final Documents documents;
    private final Identities identities;
    private final Clock clock;

    CanaryNodes(Documents documents, Identities identities, Clock clock) {
        this.documents = documents;
        this.identities = identities;
        this.clock = clock;
    }

    Optional<Stored<CanaryLog>> stored(NamespacePath stage) {
        try {
            return documents.read(CanaryLog.node(stage), CanaryLog.class);
        } catch (KeeperException e) {
            throw Namespaces.defect(stage, e);
        }
    }

    CanaryLog read(NamespacePath stage) {
        return stored(stage).map(Stored::value).orElse(CanaryLog.NONE);
    }

    /** Numbers of releases that were canaries and never came into effect for all. */
    Set<Long> abandoned(NamespacePath path) {
        return Set.copyOf(read(path).abandonedIn(path));
    }

    /** The steps by which it is there. */
    List<CuratorOp> begun(
            CuratorFramework zookeeper, NamespacePath stage, Optional<Stored<CanaryLog>> before, CanaryLog.Entry entry)
            throws Exception {
        List<CuratorOp> steps = new ArrayList<>();
        steps.add(zookeeper
                .transactionOp()
                .create()
                .withACL(identities.centerOnly())
                .forPath(new RunningCanary(stage, entry.canary().id()).node(), new byte[0]));
        steps.add(logged(zookeeper, stage, before, entry));
        return steps;
    }

    /** The step that keeps it as it is now. */
    CuratorOp logged(
            CuratorFramework zookeeper, NamespacePath stage, Optional<Stored<CanaryLog>> before, CanaryLog.Entry entry)
            throws Exception {
        return logged(zookeeper, stage, before, List.of(entry));
    }

    private CuratorOp logged(
            CuratorFramework zookeeper,
            NamespacePath stage,
            Optional<Stored<CanaryLog>> before,
            List<CanaryLog.Entry> entries)
            throws Exception {
        documents.ensureParents(zookeeper, CanaryLog.node(stage));
        CanaryLog after = before.map(Stored::value).orElse(CanaryLog.NONE);
        for (CanaryLog.Entry entry : entries) {
            after = after.with(entry);
        }
        while (!documents.isSmall(after) && !after.withoutOldest().equals(after)) {
            after = after.withoutOldest();
        }
        if (!documents.isSmall(after)) {
            throw new Problem(ConfigProblem.TOO_MANY_NAMES, "The canaries of this stage have 64 KiB, the most.");
        }
        return documents.step(zookeeper, CanaryLog.node(stage), before, after);
    }

    /** The steps by which it is over. */
    List<CuratorOp> ended(
            CuratorFramework zookeeper, NamespacePath stage, Stored<CanaryLog> before, CanaryLog.Entry ended)
            throws Exception {
        return ended(zookeeper, stage, before, List.of(ended));
    }

    private List<CuratorOp> ended(
            CuratorFramework zookeeper, NamespacePath stage, Stored<CanaryLog> before, List<CanaryLog.Entry> ended)
            throws Exception {
        List<CuratorOp> steps = new ArrayList<>();
        for (CanaryLog.Entry entry : ended) {
            for (String namespace : entry.canary().releases().keySet()) {
                steps.add(zookeeper
                        .transactionOp()
                        .delete()
                        .forPath(stage.sibling(namespace).canary()));
            }
            steps.add(zookeeper
                    .transactionOp()
                    .delete()
                    .forPath(new RunningCanary(stage, entry.canary().id()).node()));
        }
        steps.add(logged(zookeeper, stage, Optional.of(before), ended));
        return steps;
    }

    /** The steps by which canaries of some namespaces are abandoned; none if there are none. */
    List<CuratorOp> abandoned(
            CuratorFramework zookeeper, SortedMap<NamespacePath, NamespaceState> states, String by, String reason)
            throws Exception {
        SortedSet<String> ids = states.values().stream()
                .flatMap(state -> state.canary().stream())
                .map(Canary::id)
                .collect(Collectors.toCollection(TreeSet::new));
        if (ids.isEmpty()) {
            return List.of();
        }
        NamespacePath stage = states.firstKey();
        Stored<CanaryLog> before = stored(stage)
                .filter(log -> ids.stream()
                        .allMatch(id -> log.value()
                                .byId(id)
                                .filter(CanaryLog.Entry::runs)
                                .isPresent()))
                .orElseThrow(() -> new Problem(
                        ConfigProblem.STALE_REVISION, "A canary ended meanwhile: " + String.join(", ", ids) + "."));
        List<CanaryLog.Entry> ended = ids.stream()
                .map(id -> ended(
                        before.value().byId(id).orElseThrow(),
                        CanaryState.ABANDONED,
                        Optional.of(by),
                        Optional.of(reason)))
                .toList();
        return ended(zookeeper, stage, before, ended);
    }

    CanaryLog.Entry ended(CanaryLog.Entry entry, CanaryState state, Optional<String> by, Optional<String> reason) {
        return entry.ended(entry.canary().ended(state, clock.instant(), by, reason));
    }
}
