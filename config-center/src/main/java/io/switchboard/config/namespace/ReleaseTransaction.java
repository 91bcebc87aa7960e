package io.switchboard.config.namespace;

import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;

/** Releases that come into effect in one step, if nothing that was looked at is another by then. */
final class ReleaseTransaction {

    /** ZooKeeper takes a mebibyte per transaction; the rest is for paths and rights. */
    private static final int LARGEST_TOGETHER = 900 * 1024;

    private final CuratorFramework zookeeper;
    private final Identities identities;
    private final List<CuratorOp> steps = new ArrayList<>();
    private final List<String> marked = new ArrayList<>();
    private int bytes;

    /** Contents can't tell two attempts apart: the same author may publish the same twice in one millisecond. */
    private final byte[] attempt = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);

    /** What happens in the same step. */
    @FunctionalInterface
    interface Also {
        List<CuratorOp> steps(CuratorFramework zookeeper) throws Exception;
    }

    ReleaseTransaction(CuratorFramework zookeeper, Identities identities) {
        this.zookeeper = zookeeper;
        this.identities = identities;
    }

    /**
     * @param before what the release comes after, as it was looked at
     * @param draft what the draft becomes; empty to leave it as it is
     */
    void add(NamespaceState before, Release release, Optional<Draft> draft) throws Exception {
        NamespacePath path = release.path();
        byte[] content = release.encode();
        byte[] current = Current.encode(release);
        bytes += content.length + current.length;
        if (draft.isPresent()) {
            byte[] encoded = draft.get().encode();
            bytes += encoded.length;
            steps.add(zookeeper
                    .transactionOp()
                    .setData()
                    .withVersion((int) before.revision())
                    .forPath(path.draft(), encoded));
        } else if (release.restores().isEmpty()) {
            unchanged(path.draft(), (int) before.revision());
            if (before.rules().review()) {
                unchanged(Review.node(path), before.guards().review());
            }
        }
        unchanged(StageRules.node(path), before.guards().rules());
        unchanged(Freezes.node(path), before.guards().freezes());
        steps.add(zookeeper
                .transactionOp()
                .create()
                .withACL(identities.readable(path))
                .forPath(path.release(release.number()), content));
        steps.add(zookeeper
                .transactionOp()
                .setData()
                .withVersion(before.pointerVersion())
                .forPath(path.current(), current));
        steps.add(zookeeper.transactionOp().setData().forPath(path.releases(), attempt));
        marked.add(path.releases());
        List<Long> kept = before.kept();
        for (long old : kept.subList(0, Math.max(0, kept.size() - (ReleaseHistory.KEPT - 1)))) {
            steps.add(zookeeper.transactionOp().delete().forPath(path.release(old)));
        }
    }

    void add(Also also) throws Exception {
        steps.addAll(also.steps(zookeeper));
    }

    private void unchanged(String node, Optional<? extends Stored<?>> stored) throws Exception {
        if (stored.isPresent()) {
            unchanged(node, stored.get().version());
        }
    }

    private void unchanged(String node, int version) throws Exception {
        steps.add(zookeeper.transactionOp().check().withVersion(version).forPath(node));
    }

    /** @throws KeeperException if something is another, so that nothing happened */
    void commit() throws Exception {
        if (bytes > LARGEST_TOGETHER && marked.size() > 1) {
            throw new Problem(
                    ConfigProblem.TOO_LARGE_TOGETHER,
                    "Together the namespaces have " + bytes + " bytes compressed, one step takes " + LARGEST_TOGETHER
                            + ".");
        }
        try {
            zookeeper.transaction().forOperations(steps);
        } catch (KeeperException.BadVersionException
                | KeeperException.NodeExistsException
                | KeeperException.NoNodeException e) {
            // Curator repeats after a lost answer: then it is our own release that is in the way.
            if (!Arrays.equals(zookeeper.getData().forPath(marked.getFirst()), attempt)) {
                throw e;
            }
        }
    }
}
