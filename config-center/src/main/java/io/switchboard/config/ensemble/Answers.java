package io.switchboard.config.ensemble;

import java.util.List;
import org.apache.curator.RetryLoop;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.ErrorResult;
import org.apache.zookeeper.OpResult.GetChildrenResult;
import org.apache.zookeeper.OpResult.GetDataResult;

/**
 * Several reads in one request: one answer to wait for, behind whatever this session is writing, and nothing changes
 * between them. Curator has no call for it.
 */
public final class Answers {

    private final List<OpResult> results;

    private Answers(List<OpResult> results) {
        this.results = results;
    }

    /** @throws KeeperException the first error, if any read has one */
    public static Answers of(CuratorFramework zookeeper, Op... reads) throws Exception {
        List<OpResult> results = RetryLoop.callWithRetry(
                zookeeper.getZookeeperClient(),
                () -> zookeeper.getZookeeperClient().getZooKeeper().multi(List.of(reads)));
        for (OpResult result : results) {
            if (result instanceof ErrorResult error && error.getErr() != KeeperException.Code.OK.intValue()) {
                throw KeeperException.create(KeeperException.Code.get(error.getErr()));
            }
        }
        return new Answers(results);
    }

    /** What the read at this place, which asked for data, got. */
    public GetDataResult data(int index) {
        return (GetDataResult) results.get(index);
    }

    /** Names that the read at this place, which asked for children, got. */
    public List<String> children(int index) {
        return ((GetChildrenResult) results.get(index)).getChildren();
    }
}
