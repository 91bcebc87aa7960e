package io.switchboard.samples.acd;

import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.configprotocol.Release;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;

/** A real ZooKeeper with one namespace, laid out as the config center does it. */
final class TestCenter implements AutoCloseable {

    private static final NamespacePath HOTLINE = new NamespacePath("acme", "hotline", "prod", "application");
    private static final String CENTER = "center:a secret of the center";
    private static final String READER = "acme.hotline:a secret of the reader";

    private final TestingServer server;
    private final CuratorFramework zookeeper;

    TestCenter() throws Exception {
        server = new TestingServer(-1, true);
        zookeeper = CuratorFrameworkFactory.builder()
                .connectString(server.getConnectString())
                .authorization("digest", CENTER.getBytes(StandardCharsets.UTF_8))
                .retryPolicy(new RetryNTimes(50, 200))
                .ensembleTracker(false)
                .build();
        zookeeper.start();
        zookeeper.createContainers(HOTLINE.node());
        create(HOTLINE.current(), Pointer.NOTHING.encode(), Perms.READ);
        create(HOTLINE.releases(), new byte[0], Perms.READ);
        create(
                HOTLINE.clients(),
                DigestAuthenticationProvider.generateDigest(CENTER).getBytes(StandardCharsets.UTF_8),
                Perms.READ | Perms.CREATE);
    }

    /** What the platform puts into a task's environment, as arguments. */
    List<String> arguments(Path cache) {
        return List.of(
                "--calls.port=0",
                "--switchboard.config.zookeeper=" + server.getConnectString(),
                "--switchboard.config.tenant=acme",
                "--switchboard.config.application=hotline",
                "--switchboard.config.stage=prod",
                "--switchboard.config.user=acme.hotline",
                "--switchboard.config.secret=a secret of the reader",
                "--switchboard.config.cache-directory=" + cache);
    }

    void publish(long number, Map<String, String> items) throws Exception {
        var release = new Release(HOTLINE, number, "ann", "", Instant.EPOCH, Items.of(items), OptionalLong.empty());
        create(HOTLINE.release(number), release.encode(), Perms.READ);
        zookeeper.setData().forPath(HOTLINE.current(), release.pointer().encode());
    }

    private void create(String node, byte[] data, int readerMay) throws Exception {
        var rights = List.of(
                new ACL(Perms.ALL, new Id("digest", DigestAuthenticationProvider.generateDigest(CENTER))),
                new ACL(readerMay, new Id("digest", DigestAuthenticationProvider.generateDigest(READER))));
        zookeeper.create().withACL(rights).forPath(node, data);
    }

    @Override
    public void close() throws Exception {
        zookeeper.close();
        server.close();
    }
}
