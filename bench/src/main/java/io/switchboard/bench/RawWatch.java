package io.switchboard.bench;

import java.nio.ByteBuffer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;

/** The baseline: one ZooKeeper session, one watch by Curator and one read per client, of a value that starts with its number. */
final class RawWatch implements CuratorWatcher, AutoCloseable {

    static final String NODE = "/raw-value";

    private final CuratorFramework zookeeper;
    private final Arrivals.Client arrivals;

    RawWatch(String address, Arrivals.Client arrivals) throws Exception {
        this.arrivals = arrivals;
        this.zookeeper = connect(address);
        look();
    }

    static CuratorFramework connect(String address) {
        CuratorFramework zookeeper = CuratorFrameworkFactory.builder()
                .connectString(address)
                .sessionTimeoutMs(30_000)
                .retryPolicy(new RetryNTimes(5, 500))
                .ensembleTracker(false)
                .build();
        zookeeper.start();
        return zookeeper;
    }

    @Override
    public void process(WatchedEvent event) throws Exception {
        if (event.getType() == Watcher.Event.EventType.NodeDataChanged) {
            look();
        }
    }

    private void look() throws Exception {
        byte[] value = zookeeper.getData().usingWatcher(this).forPath(NODE);
        arrivals.has(ByteBuffer.wrap(value).getLong());
    }

    @Override
    public void close() {
        zookeeper.close();
    }
}
