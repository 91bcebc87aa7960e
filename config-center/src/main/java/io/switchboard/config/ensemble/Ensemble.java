package io.switchboard.config.ensemble;

import io.switchboard.config.access.Identities;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ZKConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;

/**
 * Asks ZooKeeper within a bounded time. The client is no bean of its own: service discovery would take it for its
 * own, with the center's identity.
 */
@Component
public class Ensemble implements SmartInitializingSingleton, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Ensemble.class);

    /** All of a stage at once: 100 namespaces with drafts, reviews and schemas as large as they may be. */
    private static final int LARGEST_ANSWER = 128 * 1024 * 1024;

    private final CuratorFramework zookeeper;
    private final ZooKeeperProperties properties;
    private final Identities identities;
    private final Marks marks;
    private final String center = UUID.randomUUID().toString();
    private volatile boolean claimed;

    Ensemble(ZooKeeperProperties properties, Identities identities) {
        this.properties = properties;
        this.identities = identities;
        this.marks = new Marks(identities, center);
        var settings = new ZKClientConfig();
        settings.setProperty(
                ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT,
                String.valueOf(properties.requestTimeout().toMillis()));
        settings.setProperty(ZKConfig.JUTE_MAXBUFFER, String.valueOf(LARGEST_ANSWER));
        zookeeper = CuratorFrameworkFactory.builder()
                .connectString(properties.connectString())
                .sessionTimeoutMs((int) properties.sessionTimeout().toMillis())
                .connectionTimeoutMs((int) properties.connectionTimeout().toMillis())
                .retryPolicy(new RetryNTimes(1, 100))
                .authorization("digest", identities.centerCredential().getBytes(StandardCharsets.UTF_8))
                .zkClientConfig(settings)
                .ensembleTracker(false)
                .build();
        // Connects in the background: the service starts before the ensemble and without it.
        zookeeper.start();
    }

    /** Something to ask; throws {@link KeeperException} or is interrupted, whatever Curator declares. */
    @FunctionalInterface
    public interface Question<T> {
        T ask(CuratorFramework zookeeper) throws Exception;
    }

    /**
     * @throws Problem {@link RequestProblem#UNAVAILABLE} if ZooKeeper gave no answer in time
     * @throws KeeperException what the caller can answer: a missing node, one that is there, another version
     */
    public <T> T ask(Question<T> question) throws KeeperException {
        try {
            if (!zookeeper.getZookeeperClient().isConnected()
                    && !zookeeper.blockUntilConnected(
                            (int) properties.connectionTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw unavailable();
            }
            if (!claimed) {
                OwnTree.claim(zookeeper, identities);
                claimed = true;
            }
            return question.ask(zookeeper);
        } catch (KeeperException e) {
            throw answerable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Curator threw " + e.getClass().getName(), e);
        }
    }

    /**
     * All steps at once, or none. If the answer is lost, it is found out whether they happened; if the session ended with it, nobody can
     * tell, and steps that happened fail as if somebody else had been quicker.
     *
     * @throws Problem {@link RequestProblem#UNAVAILABLE} if ZooKeeper gave no answer in time, also to that
     * @throws KeeperException as with {@link #ask}, without an effect
     */
    public void commit(Question<List<CuratorOp>> steps) throws KeeperException {
        ask(zookeeper -> {
            List<CuratorOp> asked = steps.ask(zookeeper);
            Marks.Mark mark = marks.take();
            try {
                new Transaction(zookeeper, mark, properties.requestTimeout()).commit(asked);
            } finally {
                marks.giveBack(mark);
            }
            return asked;
        });
    }

    /**
     * Names of the nodes below this one, in no order; none if it isn't there.
     *
     * @throws Problem {@link RequestProblem#UNAVAILABLE} if ZooKeeper gave no answer in time
     */
    public List<String> children(String node) {
        try {
            return ask(zookeeper -> zookeeper.getChildren().forPath(node));
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        } catch (KeeperException e) {
            throw new IllegalStateException("ZooKeeper answered " + e.code() + " for the nodes below " + node, e);
        }
    }

    /** Nothing starts on a tree that isn't the center's; without an ensemble, the first question finds out. */
    @Override
    public void afterSingletonsInstantiated() {
        try {
            ask(CuratorFramework::getState);
        } catch (Problem later) {
            log.info("ZooKeeper gives no answer yet");
        } catch (KeeperException e) {
            throw new IllegalStateException("ZooKeeper answered " + e.code() + " for the center's own nodes", e);
        }
    }

    /** This center's name, for as long as it runs. */
    public String center() {
        return center;
    }

    /** Whether the center of that name is connected, once it has committed anything. */
    public boolean isThere(String other) {
        return children(Marks.ROOT).stream().anyMatch(mark -> mark.startsWith(other));
    }

    public boolean connected() {
        return zookeeper.getZookeeperClient().isConnected();
    }

    /** Has it called with true at each connection and each reconnection, and with false at each loss. */
    public void onConnectionChange(Consumer<Boolean> listener) {
        zookeeper.getConnectionStateListenable().addListener((client, state) -> listener.accept(state.isConnected()));
    }

    private static KeeperException answerable(KeeperException e) {
        return switch (e.code()) {
            case CONNECTIONLOSS, SESSIONEXPIRED, SESSIONMOVED, OPERATIONTIMEOUT, REQUESTTIMEOUT, NOTREADONLY ->
                throw unavailable();
            case NONODE, NODEEXISTS, BADVERSION, NOAUTH -> e;
            default -> throw new IllegalStateException("ZooKeeper refused: " + e.code(), e);
        };
    }

    private static Problem unavailable() {
        return new Problem(RequestProblem.UNAVAILABLE, "ZooKeeper, which holds all configuration, gave no answer.");
    }

    @Override
    public void close() {
        zookeeper.close();
    }
}
