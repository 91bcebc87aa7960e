package io.switchboard.config.ensemble;

import io.switchboard.contracts.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.OpResult.ErrorResult;

/** The ensemble while only its holder asks it anything, and all others are refused. */
public final class Shut implements AutoCloseable {

    private final Ensemble ensemble;
    private final String holder;
    private boolean begun;

    /**
     * @param holder the node that is there as long as this one holds it
     * @param begun whether somebody was cut off who had begun to change it
     */
    Shut(Ensemble ensemble, String holder, boolean begun) {
        this.ensemble = ensemble;
        this.holder = holder;
        this.begun = begun;
    }

    /** Unlike any other's. */
    public String holder() {
        return holder.substring(Gate.NODE.length() + 1);
    }

    /** Whether what is there is a part of a restore, and nothing to lose; otherwise it is as it was when it was open. */
    public boolean hasBegun() {
        return begun;
    }

    /** From here on all that is there may be deleted, by whoever holds it next, too. */
    public void begin() throws KeeperException {
        commit(zookeeper -> List.of(zookeeper.transactionOp().setData().forPath(Gate.NODE, Gate.BEGUN)));
        begun = true;
    }

    /** As {@link Ensemble#ask}. What it finds may be another holder's by now; only {@link #commit} tells. */
    public <T> T ask(Ensemble.Question<T> question) throws KeeperException {
        return ensemble.askThoughShut(question);
    }

    /**
     * As {@link Ensemble#commit}, and only if it is still held.
     *
     * @throws Problem {@link EnsembleProblem#RESTORE_CUT_OFF} if it isn't
     */
    public void commit(Ensemble.Question<List<CuratorOp>> steps) throws KeeperException {
        try {
            ensemble.commitThoughShut(zookeeper -> {
                List<CuratorOp> held = new ArrayList<>();
                held.add(zookeeper.transactionOp().check().forPath(holder));
                held.addAll(steps.ask(zookeeper));
                return held;
            });
        } catch (KeeperException.NoNodeException e) {
            if (e.getResults() != null
                    && e.getResults().getFirst() instanceof ErrorResult check
                    && check.getErr() == KeeperException.Code.NONODE.intValue()) {
                throw new Problem(
                        EnsembleProblem.RESTORE_CUT_OFF,
                        "The center's session at ZooKeeper ended during the restore, and another one may have begun.");
            }
            throw e;
        }
    }

    /** Fails as {@link #commit} does if it isn't held any more. */
    public void check() throws KeeperException {
        commit(zookeeper -> List.of());
    }

    /** Everybody may ask again. */
    public void open() throws KeeperException {
        commit(zookeeper -> List.of(
                zookeeper.transactionOp().delete().forPath(holder),
                zookeeper.transactionOp().delete().forPath(Gate.NODE)));
        ensemble.opened();
    }

    /**
     * Held no longer; what has begun and was not opened stays shut, and others may take it up. Without an answer it is tried until there
     * is one: a holder that is left would keep everybody out for as long as the session lives.
     */
    @Override
    public void close() {
        try {
            if (begun) {
                commit(zookeeper -> List.of(zookeeper.transactionOp().delete().forPath(holder)));
            } else {
                open();
            }
        } catch (KeeperException e) {
            // Somebody else has it.
        } catch (Problem e) {
            if (e.code() != EnsembleProblem.RESTORE_CUT_OFF) {
                ensemble.later(this::close);
            }
        }
    }
}
