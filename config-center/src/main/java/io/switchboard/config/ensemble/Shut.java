package io.switchboard.config.ensemble;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;

/** The ensemble while only its holder asks it anything, and all others are refused. */
public final class Shut implements AutoCloseable {

    private final Ensemble ensemble;
    private final boolean first;
    private final int version;

    /** @param version of the gate's node, while this one holds it */
    Shut(Ensemble ensemble, boolean first, int version) {
        this.ensemble = ensemble;
        this.first = first;
        this.version = version;
    }

    /** Whether it was open before; otherwise somebody was cut off while holding it. */
    public boolean isFirst() {
        return first;
    }

    /** As {@link Ensemble#ask}. */
    public <T> T ask(Ensemble.Question<T> question) throws KeeperException {
        return ensemble.askThoughShut(question);
    }

    /**
     * As {@link Ensemble#commit}, and only if it is still held.
     *
     * @throws Problem {@link RequestProblem#CONFLICT} if it isn't, or something is in the way
     */
    public void commit(Ensemble.Question<List<CuratorOp>> steps) throws KeeperException {
        try {
            ensemble.commitThoughShut(zookeeper -> {
                List<CuratorOp> held = new ArrayList<>();
                held.add(zookeeper.transactionOp().check().forPath(Gate.HOLDER));
                held.add(zookeeper.transactionOp().check().withVersion(version).forPath(Gate.NODE));
                held.addAll(steps.ask(zookeeper));
                return held;
            });
        } catch (KeeperException.NoNodeException
                | KeeperException.NodeExistsException
                | KeeperException.BadVersionException e) {
            throw new Problem(
                    RequestProblem.CONFLICT, "Something else writes where this restore does, or its session ended.");
        }
    }

    /** Everybody may ask again. */
    public void open() throws KeeperException {
        commit(zookeeper -> List.of(
                zookeeper.transactionOp().delete().forPath(Gate.HOLDER),
                zookeeper.transactionOp().delete().forPath(Gate.NODE)));
    }

    /** Held no longer; unless it was opened, it stays shut, and others may take it up. */
    @Override
    public void close() {
        try {
            // Another one's by now is not touched.
            commit(zookeeper -> List.of(zookeeper.transactionOp().delete().forPath(Gate.HOLDER)));
        } catch (KeeperException | Problem e) {
            // It goes with the session, or was opened.
        }
    }
}
