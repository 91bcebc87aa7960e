package io.switchboard.config.ensemble;

import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.Ensemble.Question;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.imps.CuratorFrameworkState;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ZKConfig;

/** One session of the center's, and how long it is waited for. */
final class Session implements AutoCloseable {

    private final CuratorFramework zookeeper;
    private final int connectionTimeout;

    /** @param longestAnswer in bytes; a longer one ends the connection, for all that wait for theirs */
    Session(ZooKeeperProperties properties, Identities identities, int longestAnswer) {
        connectionTimeout = (int) properties.connectionTimeout().toMillis();
        var settings = new ZKClientConfig();
        settings.setProperty(
                ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT,
                String.valueOf(properties.requestTimeout().toMillis()));
        settings.setProperty(ZKConfig.JUTE_MAXBUFFER, String.valueOf(longestAnswer));
        zookeeper = CuratorFrameworkFactory.builder()
                .connectString(properties.connectString())
                .sessionTimeoutMs((int) properties.sessionTimeout().toMillis())
                .connectionTimeoutMs(connectionTimeout)
                .retryPolicy(new RetryNTimes(1, 100))
                .authorization("digest", identities.centerCredential().getBytes(StandardCharsets.UTF_8))
                .zkClientConfig(settings)
                .ensembleTracker(false)
                .build();
        // Connects in the background: the service starts before the ensemble and without it.
        zookeeper.start();
    }

    CuratorFramework zookeeper() {
        return zookeeper;
    }

    boolean connected() {
        return zookeeper.getZookeeperClient().isConnected();
    }

    /** Whether it is not closed. */
    boolean isStarted() {
        return zookeeper.getState() == CuratorFrameworkState.STARTED;
    }

    /** As {@link Ensemble#ask}. */
    <T> T ask(Question<T> question) throws KeeperException {
        try {
            if (!connected() && !zookeeper.blockUntilConnected(connectionTimeout, TimeUnit.MILLISECONDS)) {
                throw unavailable();
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

    private static KeeperException answerable(KeeperException e) {
        return switch (e.code()) {
            case CONNECTIONLOSS, SESSIONEXPIRED, SESSIONMOVED, OPERATIONTIMEOUT, REQUESTTIMEOUT, NOTREADONLY ->
                throw unavailable();
            case NONODE, NODEEXISTS, NOTEMPTY, BADVERSION, NOAUTH -> e;
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
