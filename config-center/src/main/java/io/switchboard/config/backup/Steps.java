package io.switchboard.config.backup;

import io.switchboard.config.ensemble.Shut;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;

/** What a restore changes, in order: as much at once as one request takes, and each time only if the tree is still held. */
final class Steps {

    private static final int MOST_STEPS = 500;
    private static final int MOST_BYTES = 500_000;

    private final Shut shut;
    private final List<Step> waiting = new ArrayList<>();
    private int bytes;

    Steps(Shut shut) {
        this.shut = shut;
    }

    @FunctionalInterface
    interface Step {
        CuratorOp of(CuratorFramework zookeeper) throws Exception;
    }

    /** @param size about as many bytes as it takes in a request */
    void add(Step step, int size) throws KeeperException {
        if (waiting.size() == MOST_STEPS || bytes + size > MOST_BYTES && !waiting.isEmpty()) {
            commit();
        }
        waiting.add(step);
        bytes += size;
    }

    /** Those that were added. */
    void commit() throws KeeperException {
        commit(waiting);
        waiting.clear();
        bytes = 0;
    }

    /** These at once, whatever their size. */
    void commit(List<Step> steps) throws KeeperException {
        if (steps.isEmpty()) {
            return;
        }
        shut.commit(zookeeper -> {
            List<CuratorOp> operations = new ArrayList<>();
            for (Step step : steps) {
                operations.add(step.of(zookeeper));
            }
            return operations;
        });
    }
}
