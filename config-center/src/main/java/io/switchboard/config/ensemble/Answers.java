package io.switchboard.config.ensemble;

import io.switchboard.configprotocol.DamagedContent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.curator.RetryLoop;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.ErrorResult;
import org.apache.zookeeper.OpResult.GetChildrenResult;
import org.apache.zookeeper.OpResult.GetDataResult;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Several reads in one request: one answer to wait for, behind whatever this session is writing, and nothing changes
 * between them. Curator has no call for it.
 */
public final class Answers {

    private static final int UNDER_WAY = 64;

    private final List<Op> reads;
    private final List<OpResult> results;

    private Answers(List<Op> reads, List<OpResult> results) {
        this.reads = reads;
        this.results = results;
    }

    /**
     * A node's content.
     *
     * @param zxid the last transaction that wrote it, or by which a child came or went
     * @param written when, by ZooKeeper's clock
     * @param children how many it has
     */
    public record Found(String node, byte[] data, int version, long zxid, Instant written, int children) {

        /** @throws UnreadableDocument naming the node */
        public <T> T decoded(Decoding<T> decoding) {
            try {
                return decoding.of(data);
            } catch (DamagedContent e) {
                throw new UnreadableDocument(node, String.valueOf(e.getMessage()));
            }
        }
    }

    /** From what a node holds. */
    @FunctionalInterface
    public interface Decoding<T> {
        T of(byte[] data) throws DamagedContent;
    }

    public static Answers of(CuratorFramework zookeeper, Op... reads) throws Exception {
        return new Answers(
                List.of(reads),
                RetryLoop.callWithRetry(
                        zookeeper.getZookeeperClient(),
                        () -> zookeeper.getZookeeperClient().getZooKeeper().multi(List.of(reads))));
    }

    /**
     * One of many nodes.
     *
     * @param made when, by ZooKeeper's clock
     */
    public record Content(byte[] data, Instant made) {}

    /**
     * Contents of many nodes, in their order, without those that are gone or not for us to read. Each is asked for by itself, as
     * others may have written them: one that is too large for an answer spoils no other. It is not waited for each.
     */
    public static List<Content> contents(CuratorFramework zookeeper, List<String> nodes) throws Exception {
        ZooKeeper session = zookeeper.getZookeeperClient().getZooKeeper();
        return Answers.<Content>each(
                        nodes,
                        (node, answer) -> session.getData(
                                node,
                                false,
                                (code, path, context, data, stat) -> complete(answer, code, content(data, stat)),
                                null))
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Content> content(byte @Nullable [] data, @Nullable Stat stat) {
        return data == null || stat == null
                ? Optional.empty()
                : Optional.of(new Content(data, Instant.ofEpochMilli(stat.getCtime())));
    }

    /** What ZooKeeper says of many nodes, in their order; empty for those that are gone or not for us. Asked as above. */
    public static List<Optional<Stat>> stats(CuratorFramework zookeeper, List<String> nodes) throws Exception {
        ZooKeeper session = zookeeper.getZookeeperClient().getZooKeeper();
        return each(
                nodes,
                (node, answer) -> session.exists(
                        node,
                        false,
                        (code, path, context, stat) -> complete(answer, code, Optional.ofNullable(stat)),
                        null));
    }

    /** Rights on many nodes, in their order; none on those that are gone, or whose makers keep them to themselves. Asked as above. */
    public static List<List<ACL>> rights(CuratorFramework zookeeper, List<String> nodes) throws Exception {
        ZooKeeper session = zookeeper.getZookeeperClient().getZooKeeper();
        return Answers.<List<ACL>>each(
                        nodes,
                        (node, answer) -> session.getACL(
                                node,
                                new Stat(),
                                (code, path, context, rights, stat) ->
                                        complete(answer, code, Optional.ofNullable(rights)),
                                null))
                .stream()
                .map(rights -> rights.orElse(List.of()))
                .toList();
    }

    @FunctionalInterface
    private interface Asking<T> {
        void ask(String node, CompletableFuture<Optional<T>> answer);
    }

    private static <T> List<Optional<T>> each(List<String> nodes, Asking<T> asking) throws Exception {
        List<CompletableFuture<Optional<T>>> asked = new ArrayList<>();
        for (String node : nodes) {
            if (asked.size() >= UNDER_WAY) {
                answer(asked.get(asked.size() - UNDER_WAY));
            }
            var answer = new CompletableFuture<Optional<T>>();
            asking.ask(node, answer);
            asked.add(answer);
        }
        List<Optional<T>> answers = new ArrayList<>();
        for (var answer : asked) {
            answers.add(answer(answer));
        }
        return answers;
    }

    private static <T> void complete(CompletableFuture<Optional<T>> answer, int code, Optional<T> found) {
        switch (KeeperException.Code.get(code)) {
            case OK -> answer.complete(found);
            case NONODE, NOAUTH -> answer.complete(Optional.empty());
            default -> answer.completeExceptionally(KeeperException.create(KeeperException.Code.get(code)));
        }
    }

    private static <T> Optional<T> answer(CompletableFuture<Optional<T>> answer) throws Exception {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KeeperException refused ? refused : e;
        }
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
                reads.get(index).getPath(),
                result.getData(),
                result.getStat().getVersion(),
                Math.max(result.getStat().getMzxid(), result.getStat().getPzxid()),
                Instant.ofEpochMilli(result.getStat().getMtime()),
                result.getStat().getNumChildren());
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
