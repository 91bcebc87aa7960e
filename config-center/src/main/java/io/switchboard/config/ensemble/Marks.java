package io.switchboard.config.ensemble;

import io.switchboard.config.access.Identities;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;

/**
 * Where this center's transactions leave their marks: a node for each that is under way, used again by later ones. They are ephemeral, so
 * that a center that is gone leaves none, and few, so that the list of them stays short.
 */
final class Marks {

    static final String ROOT = Documents.ROOT + "/marks";

    private static final int MOST = 32;

    private final BlockingQueue<Mark> free = new ArrayBlockingQueue<>(MOST);

    /** @param center a name for its life */
    Marks(Identities identities, String center) {
        for (int number = 0; number < MOST; number++) {
            free.add(new Mark(ROOT + "/" + center + "-" + number, identities));
        }
    }

    /** Waits while as many transactions are under way. */
    Mark take() throws InterruptedException {
        return free.take();
    }

    void giveBack(Mark mark) {
        free.add(mark);
    }

    /** One node; of one transaction at a time. */
    static final class Mark {

        private final String node;
        private final Identities identities;
        private boolean there;

        private Mark(String node, Identities identities) {
            this.node = node;
            this.identities = identities;
        }

        String node() {
            return node;
        }

        void ensure(CuratorFramework zookeeper) throws Exception {
            if (!there) {
                try {
                    zookeeper
                            .create()
                            .withMode(CreateMode.EPHEMERAL)
                            .withACL(identities.centerOnly())
                            .forPath(node, new byte[0]);
                } catch (KeeperException.NodeExistsException e) {
                    // Made by this center, whose answer was lost.
                }
                there = true;
            }
        }

        void forget() {
            there = false;
        }
    }
}
