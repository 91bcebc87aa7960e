package io.switchboard.config.ensemble;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;

/**
 * Steps that all happen or none, once. An answer may be lost after they happened, and Curator repeats what wasn't answered: then it is
 * our own change that is in the way. So each attempt leaves a mark in the same step, by which it is known again.
 */
final class Transaction {

    private static final int ATTEMPTS = 3;

    private final CuratorFramework zookeeper;
    private final Marks.Mark mark;
    private final Duration patience;

    /** Contents can't tell two attempts apart: the same author may do the same twice in one millisecond. */
    private final byte[] attempt = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);

    /** @param patience how long to wait for a connection before asking what became of a lost answer */
    Transaction(CuratorFramework zookeeper, Marks.Mark mark, Duration patience) {
        this.zookeeper = zookeeper;
        this.mark = mark;
        this.patience = patience;
    }

    /** @throws KeeperException if something is another, so that nothing happened; or if nobody can tell in time whether it did */
    void commit(List<CuratorOp> steps) throws Exception {
        List<CuratorOp> all = new ArrayList<>(steps);
        all.add(zookeeper.transactionOp().setData().forPath(mark.node(), attempt));
        for (int left = ATTEMPTS - 1; ; left--) {
            mark.ensure(zookeeper);
            try {
                zookeeper.transaction().forOperations(all);
                return;
            } catch (KeeperException e) {
                switch (found(e)) {
                    case OURS -> {
                        return;
                    }
                    case ANOTHER -> {
                        if (left == 0 || !isUnanswered(e)) {
                            throw e;
                        }
                    }
                    case NONE -> {
                        // It went with its session.
                        mark.forget();
                        if (left == 0) {
                            throw e;
                        }
                    }
                }
            }
        }
    }

    private static boolean isUnanswered(KeeperException e) {
        return switch (e.code()) {
            case CONNECTIONLOSS, SESSIONEXPIRED, SESSIONMOVED, OPERATIONTIMEOUT, REQUESTTIMEOUT -> true;
            default -> false;
        };
    }

    /** What stands at the mark's place. */
    private enum Found {
        OURS,
        ANOTHER,
        NONE
    }

    private Found found(KeeperException why) throws Exception {
        if (isUnanswered(why)) {
            zookeeper.blockUntilConnected((int) patience.toMillis(), TimeUnit.MILLISECONDS);
        }
        try {
            // Requests of a session keep their order: a member that lags behind would answer with what was before.
            zookeeper.sync().forPath(mark.node());
            return Arrays.equals(zookeeper.getData().forPath(mark.node()), attempt) ? Found.OURS : Found.ANOTHER;
        } catch (KeeperException.NoNodeException e) {
            return Found.NONE;
        } catch (KeeperException e) {
            throw why;
        }
    }
}
