package io.switchboard.configclient.delivery;

import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;

/** The config center as one application sees it: one ZooKeeper session with its read credential. */
final class Center implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final CuratorFramework zookeeper;

    /** Sets processes apart that go by the same name, as with several contexts in one JVM. */
    private final String suffix = "~" + UUID.randomUUID().toString().substring(0, 8);

    /** @param onConnection runs on Curator's thread at each connection and each reconnection */
    Center(Coordinates coordinates, Runnable onConnection) {
        String credential = coordinates.user() + ":" + coordinates.secret();
        zookeeper = CuratorFrameworkFactory.builder()
                .connectString(coordinates.zookeeper())
                .sessionTimeoutMs((int) coordinates.sessionTimeout().toMillis())
                .connectionTimeoutMs((int) CONNECT.toMillis())
                .retryPolicy(new RetryNTimes(1, 200))
                .authorization("digest", credential.getBytes(StandardCharsets.UTF_8))
                // Clients may reach the ensemble by other addresses than its members use among themselves.
                .ensembleTracker(false)
                .build();
        zookeeper.getConnectionStateListenable().addListener((client, state) -> {
            if (state.isConnected()) {
                onConnection.run();
            }
        });
    }

    /** Connects in the background, now and after each loss. */
    void start() {
        zookeeper.start();
    }

    boolean awaitConnection(Duration atMost) throws InterruptedException {
        return zookeeper.blockUntilConnected((int) atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean connected() {
        return zookeeper.getZookeeperClient().isConnected();
    }

    /**
     * The pointer as it is now, and a call of the watcher once it is another; ZooKeeper does both in one step, so no
     * change falls in between.
     *
     * @return empty if there is no such namespace; the watcher then tells when it appears
     */
    Optional<Pointer> pointer(NamespacePath path, CuratorWatcher watcher) throws CenterFailure {
        return asking(() -> {
            try {
                byte[] data = zookeeper.getData().usingWatcher(watcher).forPath(path.current());
                return Optional.of(Pointer.decode(data));
            } catch (KeeperException.NoNodeException e) {
                Stat appeared = zookeeper.checkExists().usingWatcher(watcher).forPath(path.current());
                return appeared == null
                        ? Optional.empty()
                        : Optional.of(Pointer.decode(zookeeper.getData().forPath(path.current())));
            }
        });
    }

    /** The release pointed to, checked against the pointer. */
    Release release(NamespacePath path, Pointer pointer) throws CenterFailure {
        return asking(() -> {
            Release release = Release.decode(zookeeper.getData().forPath(path.release(pointer.number())));
            if (!release.path().equals(path) || !release.pointer().equals(pointer)) {
                throw new CenterFailure("release " + pointer.number() + " is not what the pointer announced");
            }
            return release;
        });
    }

    /** Leaves the report in a node that vanishes with this session. */
    void report(NamespacePath path, ClientReport report) throws CenterFailure {
        asking(() -> {
            write(path, path.client(report.client()), report);
            return report;
        });
    }

    private void write(NamespacePath path, String node, ClientReport report) throws Exception {
        try {
            zookeeper
                    .create()
                    .withMode(CreateMode.EPHEMERAL)
                    .withACL(reportAcl(path))
                    .forPath(node, report.encode());
        } catch (KeeperException.NodeExistsException e) {
            Stat stat = zookeeper.checkExists().forPath(node);
            long session = zookeeper.getZookeeperClient().getZooKeeper().getSessionId();
            if (stat != null && stat.getEphemeralOwner() == session) {
                zookeeper.setData().forPath(node, report.encode());
            } else if (!node.endsWith(suffix)) {
                write(path, node + suffix, report);
            } else {
                throw e;
            }
        }
    }

    /** The folder of reports holds the center's ACL id; the center must read what this client writes. */
    private List<ACL> reportAcl(NamespacePath path) throws Exception {
        String center = new String(zookeeper.getData().forPath(path.clients()), StandardCharsets.UTF_8);
        return List.of(
                new ACL(ZooDefs.Perms.READ | ZooDefs.Perms.WRITE, ZooDefs.Ids.AUTH_IDS),
                new ACL(ZooDefs.Perms.ALL, new Id("digest", center)));
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask() throws Exception;
    }

    // Curator declares Exception; what it throws is a KeeperException, or an interruption.
    private static <T> T asking(Question<T> question) throws CenterFailure {
        try {
            return question.ask();
        } catch (CenterFailure e) {
            throw e;
        } catch (DamagedContent e) {
            throw new CenterFailure("what is stored is damaged: " + e.getMessage());
        } catch (KeeperException.NoAuthException e) {
            throw new CenterFailure("ZooKeeper refused the credential of this application");
        } catch (KeeperException.NoNodeException e) {
            throw new CenterFailure("a node is missing: " + e.getPath());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CenterFailure("interrupted");
        } catch (Exception e) {
            throw new CenterFailure("ZooKeeper gave no answer (" + e.getClass().getSimpleName() + ")");
        }
    }

    @Override
    public void close() {
        zookeeper.close();
    }
}
