package io.switchboard.config.ensemble;

import java.util.List;
import java.util.Optional;
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

    /**
     * A node's content.
     *
     * @param zxid the transaction that wrote it
     */
    public record Found(byte[] data, int version, long zxid) {}

    public static Answers of(CuratorFramework zookeeper, Op... reads) throws Exception {
        return new Answers(RetryLoop.callWithRetry(
                zookeeper.getZookeeperClient(),
                () -> zookeeper.getZookeeperClient().getZooKeeper().multi(List.of(reads))));
    }

    /** Asks for a node's content. */
    public static Op data(String node) {
        return Op.getData(node);
    }

    /** Asks for the names of a node's children. */
    public static Op children(String node) {
        return Op.getChildren(node);
    }

    /** What the read at this place, which asked for content, got; empty if there is no such node. */
    public Optional<Found> found(int index) throws KeeperException {
        try {
            return Optional.of(data(index));
        } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
        }
    }

    /** As {@link #found}, of a node that must be there. */
    public Found data(int index) throws KeeperException {
        GetDataResult result = (GetDataResult) answer(index);
        return new Found(
                result.getData(),
                result.getStat().getVersion(),
                result.getStat().getMzxid());
    }

    /** Names that the read at this place, which asked for children, got. */
    public List<String> children(int index) throws KeeperException {
        return ((GetChildrenResult) answer(index)).getChildren();
    }

    private OpResult answer(int index) throws KeeperException {
        OpResult result = results.get(index);
        if (result instanceof ErrorResult error) {
            throw KeeperException.create(KeeperException.Code.get(error.getErr()));
        }
        return result;
    }
}
