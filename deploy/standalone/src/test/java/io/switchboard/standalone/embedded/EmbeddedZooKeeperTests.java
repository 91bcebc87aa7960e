package io.switchboard.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.ports.FreePorts;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedZooKeeperTests {

    /** Together more than the two mebibytes that a server reads at once. */
    private static final int NODES = 8;

    private static final String LONG = "n".repeat(450_000);

    @Test
    void aSessionThatHeldMoreThanAServerReadsAtOnceKeepsNoneFromStarting(@TempDir Path directory) throws Exception {
        int port = FreePorts.next();
        try (var server = EmbeddedZooKeeper.start(directory, "127.0.0.1", port)) {
            try (var session = connected(port)) {
                for (int node = 0; node < NODES; node++) {
                    create(session, "/" + LONG + node, CreateMode.EPHEMERAL);
                }
            }
            try (var session = connected(port)) {
                create(session, "/kept", CreateMode.PERSISTENT);
            }
        }

        try (var server = EmbeddedZooKeeper.start(directory, "127.0.0.1", port);
                var session = connected(port)) {
            assertThat(session.exists("/kept", false)).isNotNull();
            assertThat(session.exists("/" + LONG + 0, false)).isNull();
        }
    }

    private static void create(ZooKeeper session, String node, CreateMode mode) throws Exception {
        session.create(node, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }

    private static ZooKeeper connected(int port) throws Exception {
        var connected = new CountDownLatch(1);
        var session = new ZooKeeper("127.0.0.1:" + port, 40_000, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        connected.await();
        return session;
    }
}
