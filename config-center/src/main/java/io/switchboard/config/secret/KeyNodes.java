package io.switchboard.config.secret;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Sealed;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Where sealed keys lie, for the center only: below {@code <tenant>/<application>/<stage>} an application's access key at
 * {@code .access}, and the data keys of each namespace under its name.
 */
@Component
class KeyNodes {

    private static final String ROOT = Documents.ROOT + "/keys";
    private static final int ATTEMPTS = 10;

    private final Ensemble ensemble;
    private final Documents documents;

    KeyNodes(Ensemble ensemble, Documents documents) {
        this.ensemble = ensemble;
        this.documents = documents;
    }

    /**
     * Keys, newest first.
     *
     * @param ring what is known of access keys; null for data keys, and while there was one only
     */
    record Keys(List<Sealed> keys, @Nullable AccessRing ring) {

        Keys {
            keys = List.copyOf(keys);
        }

        AccessRing notes() {
            return ring == null ? AccessRing.FIRST : ring;
        }
    }

    /** Newest first; empty if there are none yet. */
    List<Sealed> read(String path) {
        return keys(stored(path));
    }

    private Optional<Stored<Keys>> stored(String path) {
        try {
            return documents.read(node(path), Keys.class);
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    private static List<Sealed> keys(Optional<Stored<Keys>> stored) {
        return whole(stored).keys();
    }

    private static Keys whole(Optional<Stored<Keys>> stored) {
        return stored.map(Stored::value).orElse(new Keys(List.of(), null));
    }

    /** As {@link #read}, with what is known of them. */
    Keys keys(String path) {
        return whole(stored(path));
    }

    /** Changes what is there in one step; the function may be called more than once. */
    List<Sealed> change(String path, UnaryOperator<List<Sealed>> change) {
        return changeKeys(path, there -> new Keys(change.apply(there.keys()), there.ring()))
                .keys();
    }

    /** As {@link #change}. */
    Keys changeKeys(String path, UnaryOperator<Keys> change) {
        return changeKeys(path, change, steps -> {});
    }

    /**
     * As {@link #change}, and no release that is under way is made by what was there before.
     *
     * @param marks nodes that are there with such keys: in that step they are made, and deleted if they belong to what was there before
     *     only
     * @param with what happens in that step too; asked for after the change
     */
    Keys changeKeys(
            String path,
            UnaryOperator<Keys> change,
            NamespacePath application,
            Function<Keys, Set<String>> marks,
            Ensemble.Question<List<CuratorOp>> with) {
        return changeKeys(path, change, more -> {
            if (more.zookeeper().checkExists().forPath(application.applicationNode()) != null) {
                more.steps()
                        .add(more.zookeeper()
                                .transactionOp()
                                .setData()
                                .forPath(application.applicationNode(), new byte[0]));
            }
            more.steps()
                    .addAll(documents.marks(
                            more.zookeeper(), marks.apply(more.before()), marks.apply(more.after()), path));
            more.steps().addAll(with.ask(more.zookeeper()));
        });
    }

    private record More(Keys before, Keys after, CuratorFramework zookeeper, List<CuratorOp> steps) {}

    @FunctionalInterface
    private interface Also {
        void add(More more) throws Exception;
    }

    private Keys changeKeys(String path, UnaryOperator<Keys> change, Also also) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Stored<Keys>> before = stored(path);
            Keys after = change.apply(whole(before));
            if (after.equals(whole(before)) || replaced(path, before, after, also)) {
                return after;
            }
        }
        throw new Problem(RequestProblem.CONFLICT, "Others change the keys of " + path + " all the time.");
    }

    /** False if somebody else was quicker. */
    private boolean replaced(String path, Optional<Stored<Keys>> before, Keys after, Also also) {
        try {
            ensemble.commit(zookeeper -> {
                documents.ensureParents(zookeeper, node(path));
                var more = new More(whole(before), after, zookeeper, new ArrayList<>());
                more.steps().add(documents.step(zookeeper, node(path), before, after));
                also.add(more);
                return more.steps();
            });
            return true;
        } catch (KeeperException.BadVersionException
                | KeeperException.NodeExistsException
                | KeeperException.NoNodeException e) {
            return false;
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    /** Everything that has keys, as paths for {@link #read}. */
    List<String> paths() {
        List<String> found = new ArrayList<>();
        for (String tenant : ensemble.children(ROOT)) {
            for (String application : ensemble.children(node(tenant))) {
                for (String stage : ensemble.children(node(tenant + "/" + application))) {
                    String path = String.join("/", tenant, application, stage);
                    ensemble.children(node(path)).forEach(name -> found.add(path + "/" + name));
                }
            }
        }
        return found;
    }

    /** Those of the stage that have data keys. */
    List<NamespacePath> namespaces(NamespacePath stage) {
        return ensemble.children(node(String.join("/", stage.tenant(), stage.application(), stage.stage()))).stream()
                .filter(name -> !name.startsWith("."))
                .map(stage::sibling)
                .toList();
    }

    void delete(NamespacePath stage, String node) {
        try {
            documents.delete(node);
        } catch (KeeperException e) {
            throw defect(stage.toString(), e);
        }
    }

    private static String node(String path) {
        return ROOT + "/" + path;
    }

    private static IllegalStateException defect(String path, KeeperException e) {
        return new IllegalStateException("ZooKeeper answered " + e.code() + " for the keys of " + path, e);
    }
}
