package io.switchboard.config.ensemble;

import io.switchboard.config.access.Identities;
import io.switchboard.configprotocol.NamespacePath;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.ACL;

/**
 * The nodes that only the center may have made. Everybody may put nodes below {@code /switchboard}; whoever made one of
 * these before the first center ran would have a say in all that lies below it.
 */
final class OwnTree {

    private static final List<String> NODES = List.of(
            NamespacePath.ROOT,
            Documents.ROOT,
            Documents.ROOT + "/access-retiring",
            Documents.ROOT + "/acts",
            NamespacePath.BUILDS,
            Documents.ROOT + "/canaries",
            Documents.ROOT + "/canaries-running",
            Documents.ROOT + "/due",
            Documents.ROOT + "/freezes",
            Documents.ROOT + "/heirs",
            Documents.ROOT + "/keys",
            Marks.ROOT,
            Documents.ROOT + "/readers",
            Documents.ROOT + "/readers-retiring",
            Documents.ROOT + "/readers-unsettled",
            Documents.ROOT + "/readers-used",
            Documents.ROOT + "/rules",
            Documents.ROOT + "/schedules",
            Documents.ROOT + "/schemas",
            Documents.ROOT + "/untold");

    private OwnTree() {}

    /** @throws IllegalStateException if somebody else has rights on one of them */
    static void claim(CuratorFramework zookeeper, Identities identities) throws Exception {
        make(zookeeper, "/switchboard", identities.sharedParent());
        for (String node : NODES) {
            make(zookeeper, node, identities.centerOnly());
            check(zookeeper, node, identities);
        }
        for (String child : zookeeper.getChildren().forPath(Documents.ROOT)) {
            check(zookeeper, Documents.ROOT + "/" + child, identities);
        }
    }

    static void make(CuratorFramework zookeeper, String node, List<ACL> rights) throws Exception {
        if (zookeeper.checkExists().forPath(node) == null) {
            try {
                zookeeper.create().withACL(rights).forPath(node, new byte[0]);
            } catch (KeeperException.NodeExistsException e) {
                // Another request or center was quicker.
            }
        }
    }

    private static void check(CuratorFramework zookeeper, String node, Identities identities) throws Exception {
        try {
            if (zookeeper.getACL().forPath(node).equals(identities.centerOnly())) {
                return;
            }
        } catch (KeeperException.NoAuthException e) {
            // Somebody else's altogether.
        }
        throw new IllegalStateException("ZooKeeper's node " + node
                + " is not this config center's alone: it was made by somebody else, or with another"
                + " config.access.master-secret. Look at what is in it, and remove it if it is not yours.");
    }
}
