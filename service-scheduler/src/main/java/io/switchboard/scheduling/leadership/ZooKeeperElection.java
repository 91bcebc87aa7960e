package io.switchboard.scheduling.leadership;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Through a latch in ZooKeeper. A connection that is suspended counts as lost: the latch deposes at once, and stands
 * anew when the connection is back.
 */
final class ZooKeeperElection implements Election {

    static final String PATH = "/switchboard-scheduler/leader";

    private static final Logger log = LoggerFactory.getLogger(ZooKeeperElection.class);

    private final CuratorFramework zookeeper;
    private final String name;
    private final AtomicReference<@Nullable LeaderLatch> standing = new AtomicReference<>();

    /** @param name of this process, for people who look into ZooKeeper */
    ZooKeeperElection(CuratorFramework zookeeper, String name) {
        this.zookeeper = zookeeper;
        this.name = name;
    }

    @Override
    public void stand(Candidate candidate) {
        var latch = new LeaderLatch(zookeeper, PATH, name);
        latch.addListener(new LeaderLatchListener() {
            @Override
            public void isLeader() {
                candidate.chosen();
            }

            @Override
            public void notLeader() {
                candidate.deposed();
            }
        });
        try {
            latch.start();
        } catch (Exception e) {
            throw new IllegalStateException("ZooKeeper's client can't be used", e);
        }
        standing.set(latch);
    }

    @Override
    public void withdraw() {
        var latch = standing.getAndSet(null);
        if (latch == null) {
            return;
        }
        try {
            latch.close(LeaderLatch.CloseMode.SILENT);
        } catch (IOException | UncheckedIOException e) {
            // Its node goes with the session.
            log.info("the latch in ZooKeeper is left behind: {}", e.toString());
        }
    }

    @Override
    public boolean again() {
        return true;
    }
}
