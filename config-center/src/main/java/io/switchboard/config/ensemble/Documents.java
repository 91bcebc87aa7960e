package io.switchboard.config.ensemble;

import io.switchboard.config.access.Identities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Nodes that are the center's alone, each a JSON document with the version that ZooKeeper counts. */
@Component
public class Documents {

    /** Where what belongs to no single namespace is kept. */
    public static final String ROOT = "/switchboard/config-center";

    private static final int SMALL = 64 * 1024;

    private final Ensemble ensemble;
    private final Identities identities;
    private final JsonMapper json;

    Documents(Ensemble ensemble, Identities identities, JsonMapper json) {
        this.ensemble = ensemble;
        this.identities = identities;
        this.json = json;
    }

    /** @param version 0 for the first that was written */
    public record Stored<T>(T value, int version) {}

    public <T> Optional<Stored<T>> read(String node, Class<T> type) throws KeeperException {
        return ensemble.ask(
                zookeeper -> Answers.of(zookeeper, Answers.data(node)).found(0).map(found -> stored(found, type)));
    }

    /**
     * What was read together with something else.
     *
     * @throws UnreadableDocument if it is no such document
     */
    public <T> Stored<T> stored(Answers.Found found, Class<T> type) {
        try {
            T value = json.readValue(found.data(), type);
            // As 'null' is read.
            if (value != null) {
                return new Stored<>(value, found.version());
            }
        } catch (JacksonException e) {
            // Its message may repeat what it read.
        }
        throw new UnreadableDocument(found.node(), "it is no " + type.getSimpleName());
    }

    /** As {@link #stored(Answers.Found, Class)}, with a value in place of what is no such document. */
    public <T> Stored<T> stored(Answers.Found found, Class<T> type, T unreadable) {
        try {
            return stored(found, type);
        } catch (UnreadableDocument e) {
            return new Stored<>(unreadable, found.version());
        }
    }

    /** Whether it is small enough to be read and written together with a namespace. */
    public boolean isSmall(Object value) {
        return json.writeValueAsBytes(value).length <= SMALL;
    }

    /**
     * The step of a transaction that writes the node; its parent must be there.
     *
     * @param before what was there, so that the step fails if something else is there by then
     */
    public CuratorOp step(CuratorFramework zookeeper, String node, Optional<? extends Stored<?>> before, Object value)
            throws Exception {
        byte[] bytes = json.writeValueAsBytes(value);
        if (before.isEmpty()) {
            return zookeeper
                    .transactionOp()
                    .create()
                    .withACL(identities.centerOnly())
                    .forPath(node, bytes);
        }
        return zookeeper
                .transactionOp()
                .setData()
                .withVersion(before.get().version())
                .forPath(node, bytes);
    }

    /**
     * Steps after which one node is there for each of some paths, and none for those that were among them before.
     *
     * @param value what is in each
     */
    public List<CuratorOp> marks(CuratorFramework zookeeper, Set<String> before, Set<String> after, Object value)
            throws Exception {
        List<CuratorOp> steps = new ArrayList<>();
        Set<String> either = new TreeSet<>(before);
        either.addAll(after);
        for (String mark : either) {
            boolean there = zookeeper.checkExists().forPath(mark) != null;
            if (after.contains(mark) && !there) {
                ensureParents(zookeeper, mark);
                steps.add(step(zookeeper, mark, Optional.empty(), value));
            } else if (!after.contains(mark) && there) {
                steps.add(zookeeper.transactionOp().delete().forPath(mark));
            }
        }
        return steps;
    }

    /** Whether it is there or not. */
    public void delete(String node) throws KeeperException {
        try {
            ensemble.ask(zookeeper -> {
                zookeeper.delete().forPath(node);
                return node;
            });
        } catch (KeeperException.NoNodeException e) {
            // It never was, or somebody else was quicker.
        }
    }

    /** Makes the nodes above one below {@link #ROOT}. */
    public void ensureParents(CuratorFramework zookeeper, String node) throws Exception {
        if (zookeeper.checkExists().forPath(node.substring(0, node.lastIndexOf('/'))) != null) {
            return;
        }
        OwnTree.make(zookeeper, "/switchboard", identities.sharedParent());
        for (int slash = node.indexOf('/', ROOT.length() - 1); slash > 0; slash = node.indexOf('/', slash + 1)) {
            OwnTree.make(zookeeper, node.substring(0, slash), identities.centerOnly());
        }
    }
}
