package io.switchboard.config.namespace;

import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.configprotocol.Canary;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.jute.BinaryOutputArchive;
import org.apache.zookeeper.MultiOperationRecord;

/** Releases that come into effect in one step, if nothing that was looked at is another by then. */
final class ReleaseTransaction {

    /** ZooKeeper takes a mebibyte per request and ends the session over a larger one, which all requests share. */
    private static final int LARGEST = 960 * 1024;

    private final CuratorFramework zookeeper;
    private final Identities identities;
    private final Documents documents;
    private final List<CuratorOp> steps = new ArrayList<>();
    private final List<String> absent = new ArrayList<>();
    private int releases;

    /** What happens in the same step. */
    @FunctionalInterface
    interface Also {
        List<CuratorOp> steps(CuratorFramework zookeeper) throws Exception;
    }

    ReleaseTransaction(CuratorFramework zookeeper, Identities identities, Documents documents) {
        this.zookeeper = zookeeper;
        this.identities = identities;
        this.documents = documents;
    }

    /**
     * @param before what the release comes after, as it was looked at
     * @param draft what the draft becomes; empty to leave it as it is
     */
    void add(NamespaceState before, Release release, Comments comments, Optional<Draft> draft) throws Exception {
        guard(before, release, draft);
        byte[] content = release.encode();
        store(before, release, comments, content, Current.encode(release, content));
    }

    /**
     * For some clients only. The pointer's node is written as it is: so its watchers look, and whoever would publish on top of
     * what was there before finds another version.
     *
     * @param before what is in effect and stays so
     */
    void add(NamespaceState before, Release release, Comments comments, Canary canary) throws Exception {
        guard(before, release, Optional.empty());
        store(
                before,
                release,
                comments,
                release.encode(),
                before.release().map(Current::encode).orElseGet(Pointer.NOTHING::encode));
        steps.add(zookeeper
                .transactionOp()
                .create()
                .withACL(identities.readable(
                        release.path(), before.guards().access().value()))
                .forPath(release.path().canary(), canary.encode()));
    }

    private void guard(NamespaceState before, Release release, Optional<Draft> draft) throws Exception {
        NamespacePath path = release.path();
        if (draft.isPresent()) {
            byte[] encoded = draft.get().encode();
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
            if (Format.of(path.namespace()).hasLeaves()) {
                unchanged(Schemas.node(path), before.guards().schema());
            }
        }
        unchanged(path.applicationNode(), before.guards().access().version());
        checkRules(path, before);
    }

    /** That nobody set another rule or freeze since. */
    void checkRules(NamespacePath path, NamespaceState before) throws Exception {
        unchanged(StageRules.node(path), before.guards().rules());
        unchanged(Freezes.node(path), before.guards().freezes());
    }

    private void store(NamespaceState before, Release release, Comments comments, byte[] content, byte[] current)
            throws Exception {
        NamespacePath path = release.path();
        store(before, path, release.number(), comments);
        steps.add(zookeeper
                .transactionOp()
                .create()
                .withACL(identities.readable(path, before.guards().access().value()))
                .forPath(path.release(release.number()), content));
        steps.add(zookeeper
                .transactionOp()
                .setData()
                .withVersion(before.pointerVersion())
                .forPath(path.current(), current));
        releases++;
        List<Long> kept = before.kept();
        for (long old : kept.subList(0, Math.max(0, kept.size() - (ReleaseHistory.KEPT - 1)))) {
            // Many canaries may have come after the release that is in effect.
            if (old != before.number()) {
                steps.add(zookeeper.transactionOp().delete().forPath(path.release(old)));
                if (before.comments().has(old)) {
                    steps.add(zookeeper.transactionOp().delete().forPath(path.comments() + "/" + old));
                }
            }
        }
    }

    /** Beside the release, which clients read and others than we store. */
    private void store(NamespaceState before, NamespacePath path, long number, Comments comments) throws Exception {
        if (comments.isEmpty()) {
            return;
        }
        if (before.comments().numbers().isEmpty()) {
            make(path.comments(), new byte[0]);
        }
        make(path.comments() + "/" + number, comments.encode());
    }

    private void make(String node, byte[] data) throws Exception {
        steps.add(zookeeper
                .transactionOp()
                .create()
                .withACL(identities.centerOnly())
                .forPath(node, data));
    }

    /**
     * What is inherited must still be in effect, unless it is replaced in the same step: then the heir's next release has it.
     *
     * @param parents versions of the nodes that say which release of each is in effect
     * @param replaced namespaces that have another one after this step
     */
    void checkInEffect(Map<NamespacePath, Integer> parents, Set<NamespacePath> replaced) throws Exception {
        for (Map.Entry<NamespacePath, Integer> parent : parents.entrySet()) {
            if (!replaced.contains(parent.getKey())) {
                unchanged(parent.getKey().current(), parent.getValue());
            }
        }
    }

    void add(Also also) throws Exception {
        steps.addAll(also.steps(zookeeper));
    }

    /** That the node is as it was looked at, or still absent. */
    void unchanged(String node, Optional<? extends Stored<?>> stored) throws Exception {
        if (stored.isPresent()) {
            unchanged(node, stored.get().version());
        } else {
            absent(node);
        }
    }

    /** There is no step that checks this: one that makes it and one that takes it away fail if it is there by then. */
    private void absent(String node) throws Exception {
        absent.add(node);
        make(node, new byte[0]);
        steps.add(zookeeper.transactionOp().delete().forPath(node));
    }

    private void unchanged(String node, int version) throws Exception {
        steps.add(zookeeper.transactionOp().check().withVersion(version).forPath(node));
    }

    /** @throws Problem if they are more than ZooKeeper takes in one step */
    void checkSize() throws IOException {
        int bytes = bytes(steps);
        if (bytes > LARGEST && releases > 1) {
            throw new Problem(
                    ConfigProblem.TOO_LARGE_TOGETHER,
                    "Together the namespaces have " + bytes + " bytes compressed, one step takes " + LARGEST + ".");
        }
        if (bytes > LARGEST) {
            throw new Problem(
                    ConfigProblem.NAMESPACE_FULL,
                    "Draft and release have " + bytes + " bytes compressed, one step takes " + LARGEST + ".");
        }
    }

    List<CuratorOp> steps() {
        return steps;
    }

    /** As they go to ZooKeeper: contents, paths and rights of all steps. */
    static int bytes(List<CuratorOp> steps) throws IOException {
        var bytes = new ByteArrayOutputStream();
        new MultiOperationRecord(steps.stream().map(CuratorOp::get).toList())
                .serialize(BinaryOutputArchive.getArchive(bytes), "request");
        return bytes.size();
    }

    /** Makes the parents of what must be absent. Mostly they are there: to ask each time would cost more than one more attempt. */
    void ensureParents() throws Exception {
        for (String node : absent) {
            documents.ensureParents(zookeeper, node);
        }
    }
}
