package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.StagesApi.DraftDifference;
import io.switchboard.contracts.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Changes of several drafts that happen in one step or not at all. */
@Component
class DraftChanges {

    /** ZooKeeper takes a mebibyte per request. */
    private static final int LARGEST = 900 * 1024;

    private final Ensemble ensemble;
    private final Namespaces namespaces;
    private final Audit audit;

    DraftChanges(Ensemble ensemble, Namespaces namespaces, Audit audit) {
        this.ensemble = ensemble;
        this.namespaces = namespaces;
        this.audit = audit;
    }

    /**
     * @param changes a value for each key, {@code null} to take it out
     * @param comments a comment for each key, {@code null} to take it away
     * @param revision what the draft must be at, or null for whatever it is at
     */
    record Wish(
            Map<String, @Nullable String> changes,
            Map<String, @Nullable String> comments,
            @Nullable Long revision) {

        /**
         * @param comments of what is wanted; what has none shall have none
         * @param present items of which those that aren't wanted go
         */
        static Wish of(
                Map<String, String> wanted, Map<String, String> comments, Items present, @Nullable Long revision) {
            Map<String, @Nullable String> changes = new HashMap<>(wanted);
            present.values().keySet().forEach(key -> changes.putIfAbsent(key, null));
            Map<String, @Nullable String> said = new HashMap<>();
            wanted.keySet().forEach(key -> said.put(key, comments.get(key)));
            return new Wish(changes, said, revision);
        }
    }

    /** A draft that becomes another. */
    private record Step(NamespacePath path, NamespaceState before, Draft after) {

        DraftDifference difference(long revision) {
            return new DraftDifference(
                    path.application(),
                    path.stage(),
                    path.namespace(),
                    revision,
                    Views.changes(before.drafted(), after.content()).stream()
                            .map(Views::withLines)
                            .toList());
        }
    }

    /** What would change; drafts that stay as they are, are left out. */
    List<DraftDifference> preview(SortedMap<NamespacePath, Wish> wishes, String author) {
        return steps(wishes, author).stream()
                .map(step -> step.difference(step.before().revision()))
                .toList();
    }

    /** What changed; drafts that stayed as they were, are left out. */
    List<DraftDifference> apply(SortedMap<NamespacePath, Wish> wishes, String author) {
        List<Step> steps = steps(wishes, author);
        if (steps.isEmpty()) {
            return List.of();
        }
        steps.forEach(step -> namespaces.ensure(step.path()));
        store(steps);
        steps.forEach(step -> audit.edited(
                step.path(),
                author,
                step.before().revision() + 1,
                step.after().content().changedSince(step.before().drafted())));
        return steps.stream()
                .map(step -> step.difference(step.before().revision() + 1))
                .toList();
    }

    private List<Step> steps(SortedMap<NamespacePath, Wish> wishes, String author) {
        List<Step> steps = new ArrayList<>();
        wishes.forEach((path, wish) -> {
            ItemRules.check(path.namespace(), wish.changes());
            Comments.check(path.namespace(), wish.comments());
            NamespaceState before = namespaces.current(path, wish.revision());
            Draft after = before.wholeDraft()
                    .with(
                            ItemRules.apply(before.drafted(), wish.changes(), wish.comments()),
                            author,
                            before.inEffect());
            if (!after.content().equals(before.drafted())) {
                steps.add(new Step(path, before, after));
            }
        });
        return steps;
    }

    private void store(List<Step> steps) {
        NamespacePath first = steps.getFirst().path();
        try {
            ensemble.commit(zookeeper -> {
                List<CuratorOp> operations = new ArrayList<>();
                for (Step step : steps) {
                    operations.add(zookeeper
                            .transactionOp()
                            .setData()
                            .withVersion((int) step.before().revision())
                            .forPath(step.path().draft(), step.after().encode()));
                }
                int bytes = ReleaseTransaction.bytes(operations);
                if (bytes > LARGEST && steps.size() > 1) {
                    throw new Problem(
                            ConfigProblem.TOO_LARGE_TOGETHER,
                            "Together the drafts have " + bytes + " bytes compressed, one step takes " + LARGEST + ".");
                }
                return operations;
            });
        } catch (KeeperException.BadVersionException e) {
            throw new Problem(ConfigProblem.STALE_REVISION, "Another change of one of the drafts got in between.");
        } catch (KeeperException e) {
            throw Namespaces.defect(first, e);
        }
    }
}
