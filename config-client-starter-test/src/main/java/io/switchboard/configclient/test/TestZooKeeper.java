package io.switchboard.configclient.test;

import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.jspecify.annotations.Nullable;

/** A ZooKeeper in this JVM, for all its tests, laid out as the config center does it. */
final class TestZooKeeper {

    static final String USER = "test.test";
    static final String SECRET = "a secret of tests";

    private static final String CENTER = "center:a secret of the center of tests";

    private static @Nullable TestZooKeeper running;

    private final TestingServer server;
    private final CuratorFramework zookeeper;

    private TestZooKeeper() throws Exception {
        server = new TestingServer(-1, true);
        zookeeper = CuratorFrameworkFactory.builder()
                .connectString(server.getConnectString())
                .authorization("digest", CENTER.getBytes(StandardCharsets.UTF_8))
                .retryPolicy(new RetryNTimes(50, 100))
                .ensembleTracker(false)
                .build();
        zookeeper.start();
    }

    /** Started by the first that asks; it ends with the JVM. */
    static synchronized TestZooKeeper get() {
        if (running == null) {
            try {
                running = new TestZooKeeper();
            } catch (Exception e) {
                throw new IllegalStateException("ZooKeeper can't be started for tests", e);
            }
        }
        return running;
    }

    String address() {
        return server.getConnectString();
    }

    /** Nothing is published in it yet; one that is there stays. */
    void create(NamespacePath path) {
        try {
            zookeeper.createContainers(path.node());
            create(path.releases(), new byte[0], Perms.READ);
            create(
                    path.clients(),
                    DigestAuthenticationProvider.generateDigest(CENTER).getBytes(StandardCharsets.UTF_8),
                    Perms.READ | Perms.CREATE);
            create(path.current(), Pointer.NOTHING.encode(), Perms.READ);
        } catch (Exception e) {
            throw failed(path, e);
        }
    }

    private void create(String node, byte[] data, int readerMay) throws Exception {
        try {
            zookeeper.create().withACL(acl(readerMay)).forPath(node, data);
        } catch (KeeperException.NodeExistsException e) {
            // As it has to be.
        }
    }

    void publish(Release release) {
        NamespacePath path = release.path();
        try {
            zookeeper
                    .transaction()
                    .forOperations(
                            zookeeper
                                    .transactionOp()
                                    .create()
                                    .withACL(acl(Perms.READ))
                                    .forPath(path.release(release.number()), release.encode()),
                            zookeeper.transactionOp().setData().forPath(path.current(), Current.encode(release)));
        } catch (Exception e) {
            throw failed(path, e);
        }
    }

    List<ClientReport> reports(NamespacePath path) {
        try {
            List<ClientReport> reports = new ArrayList<>();
            for (String client : zookeeper.getChildren().forPath(path.clients())) {
                reports.add(ClientReport.decode(zookeeper.getData().forPath(path.clients() + "/" + client)));
            }
            return reports;
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        } catch (Exception e) {
            throw failed(path, e);
        }
    }

    private static List<ACL> acl(int readerMay) throws Exception {
        return List.of(
                new ACL(Perms.ALL, new Id("digest", DigestAuthenticationProvider.generateDigest(CENTER))),
                new ACL(readerMay, new Id("digest", DigestAuthenticationProvider.generateDigest(USER + ":" + SECRET))));
    }

    private static IllegalStateException failed(NamespacePath path, Exception e) {
        return new IllegalStateException("ZooKeeper of tests failed for " + path, e);
    }
}
