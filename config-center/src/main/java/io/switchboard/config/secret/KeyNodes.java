package io.switchboard.config.secret;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.Sealed;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.zookeeper.KeeperException;
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

    /** @param keys newest first */
    record Keys(List<Sealed> keys) {}

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
        return stored.map(found -> found.value().keys()).orElse(List.of());
    }

    /** Changes what is there in one step; the function may be called more than once. */
    List<Sealed> change(String path, UnaryOperator<List<Sealed>> change) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Stored<Keys>> before = stored(path);
            List<Sealed> after = change.apply(keys(before));
            if (after.equals(keys(before)) || replaced(path, before, after)) {
                return after;
            }
        }
        throw new Problem(RequestProblem.CONFLICT, "Others change the keys of " + path + " all the time.");
    }

    /** False if somebody else was quicker. */
    private boolean replaced(String path, Optional<Stored<Keys>> before, List<Sealed> after) {
        try {
            ensemble.commit(zookeeper -> {
                documents.ensureParents(zookeeper, node(path));
                return List.of(documents.step(zookeeper, node(path), before, new Keys(after)));
            });
            return true;
        } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException e) {
            return false;
        } catch (KeeperException e) {
            throw defect(path, e);
        }
    }

    /** Everything that has keys, as paths for {@link #read}. */
    List<String> paths() {
        List<String> found = new ArrayList<>();
        for (String tenant : children(ROOT)) {
            for (String application : children(node(tenant))) {
                for (String stage : children(node(tenant + "/" + application))) {
                    String path = String.join("/", tenant, application, stage);
                    children(node(path)).forEach(name -> found.add(path + "/" + name));
                }
            }
        }
        return found;
    }

    private List<String> children(String node) {
        try {
            return ensemble.ask(zookeeper -> zookeeper.getChildren().forPath(node));
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        } catch (KeeperException e) {
            throw defect(node, e);
        }
    }

    private static String node(String path) {
        return ROOT + "/" + path;
    }

    private static IllegalStateException defect(String path, KeeperException e) {
        return new IllegalStateException("ZooKeeper answered " + e.code() + " for the keys of " + path, e);
    }
}
