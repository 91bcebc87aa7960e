package io.switchboard.bench;

import static io.switchboard.bench.Output.say;

import io.switchboard.configclient.delivery.Coordinates;
import io.switchboard.ports.FreePorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.curator.framework.CuratorFramework;

/**
 * What the servers keep in their heaps for a client that waits for the next release, beyond what ZooKeeper keeps for a
 * session with a bare watch. ZooKeeper and the center are processes of their own here.
 */
final class IdleClients {

    private static final String APPLICATION = "idle";
    private static final String NAMESPACE = "application";

    /** Until sessions, reports and caches of all are there. */
    private static final long SETTLED_MILLIS = 5_000;

    private final Path caches;
    private final int clients;
    private final ZooKeeperProcess zookeeper;
    private final ChildProcess process;
    private final ConfigCenter center;

    private IdleClients(
            Path caches, int clients, ZooKeeperProcess zookeeper, ChildProcess process, ConfigCenter center) {
        this.caches = caches;
        this.clients = clients;
        this.zookeeper = zookeeper;
        this.process = process;
        this.center = center;
    }

    /** KiB of both heaps for each client, less what ZooKeeper keeps for a bare watch. */
    static double measure(Tokens tokens, Path caches, int clients) throws Exception {
        int port = FreePorts.next();
        try (var zookeeper = ZooKeeperProcess.alone()) {
            var process = ConfigCenterProcess.start(zookeeper.address(), port, tokens);
            try {
                var center = new ConfigCenter(port, tokens);
                return new IdleClients(caches, clients, zookeeper, process, center).measure();
            } finally {
                process.kill();
            }
        }
    }

    private double measure() throws Exception {
        Coordinates coordinates = center.awaitCoordinates(APPLICATION, zookeeper.address(), "client", caches);
        center.publish(APPLICATION, NAMESPACE, center.edit(APPLICATION, NAMESPACE, Map.of("value", "x".repeat(1_024))));
        double raw = bare();
        long zookeeperBefore = zookeeper.liveHeapBytes();
        long centerBefore = process.liveHeapBytes();
        double inZookeeper;
        double inCenter;
        List<AutoCloseable> following = new ArrayList<>();
        try {
            var taken = new CountDownLatch(clients);
            for (int client = 0; client < clients; client++) {
                following.add(new FollowingClient(
                        FanOut.named(coordinates, client, caches), List.of(NAMESPACE), releases -> taken.countDown()));
            }
            taken.await();
            Pause.millis(SETTLED_MILLIS);
            inZookeeper = kibEach(zookeeper.liveHeapBytes() - zookeeperBefore);
            inCenter = kibEach(process.liveHeapBytes() - centerBefore);
        } finally {
            FanOut.closeAll(following);
        }
        say(
                "idle        %d clients: ZooKeeper keeps %.1f KiB for each (%.1f for a bare watch), the center %.1f KiB",
                clients, inZookeeper, raw, inCenter);
        return inZookeeper - raw + inCenter;
    }

    private double bare() throws Exception {
        List<AutoCloseable> watches = new ArrayList<>();
        try (CuratorFramework publisher = RawWatch.connect(zookeeper.address())) {
            publisher.create().forPath(RawWatch.NODE, new byte[1_024]);
            long before = zookeeper.liveHeapBytes();
            var arrivals = new Arrivals(clients);
            for (int client = 0; client < clients; client++) {
                watches.add(new RawWatch(zookeeper.address(), arrivals.new Client()));
            }
            Pause.millis(SETTLED_MILLIS);
            return kibEach(zookeeper.liveHeapBytes() - before);
        } finally {
            FanOut.closeAll(watches);
        }
    }

    private double kibEach(long bytes) {
        return bytes / 1024.0 / clients;
    }
}
