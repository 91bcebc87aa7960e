package io.switchboard.config.namespace;

import io.switchboard.config.access.Identities;
import io.switchboard.config.access.ReaderKeys;
import io.switchboard.config.credential.Keyrings;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Pointer;
import io.switchboard.contracts.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.springframework.stereotype.Component;

/** Makes the nodes of a namespace with the rights on them; a namespace is there whole or not at all. */
@Component
class NamespaceNodes {

    private static final int MOST_APPLICATIONS = 1_000;
    private static final int MOST_STAGES = 20;
    private static final int MOST_NAMESPACES = 100;

    private final Ensemble ensemble;
    private final Identities identities;
    private final Documents documents;
    private final Keyrings keyrings;

    NamespaceNodes(Ensemble ensemble, Identities identities, Documents documents, Keyrings keyrings) {
        this.ensemble = ensemble;
        this.identities = identities;
        this.documents = documents;
        this.keyrings = keyrings;
    }

    /** Does nothing if it is there. */
    void ensure(NamespacePath path) throws KeeperException {
        ensemble.ask(zookeeper -> {
            if (zookeeper.checkExists().forPath(path.current()) == null) {
                ReaderKeys keys = keyrings.keyring(path).readers();
                create(zookeeper, path, keys);
                if (!keyrings.keyring(path).readers().equals(keys)) {
                    keyrings.openAnew(path);
                }
            }
            return path;
        });
    }

    /** Makes the place where the application's builds leave what they take. */
    void ensureBuilds(NamespacePath path) throws KeeperException {
        ensemble.ask(zookeeper -> {
            if (zookeeper.checkExists().forPath(path.builds()) == null) {
                documents.ensureParents(zookeeper, path.builds());
                byte[] centerId = identities.centerId().getBytes(StandardCharsets.US_ASCII);
                ReaderKeys keys = keyrings.keyring(path).readers();
                try {
                    zookeeper
                            .create()
                            .withACL(identities.reportable(path, keys))
                            .forPath(path.builds(), centerId);
                } catch (KeeperException.NodeExistsException e) {
                    // Another request was quicker.
                }
            }
            return path;
        });
    }

    private void create(CuratorFramework zookeeper, NamespacePath path, ReaderKeys keys) throws Exception {
        parent(zookeeper, "/switchboard", identities.sharedParent());
        parent(zookeeper, NamespacePath.ROOT, identities.centerOnly());
        parent(zookeeper, path.tenantNode(), identities.centerOnly());
        checkRoom(zookeeper, path.tenantNode(), path.application(), MOST_APPLICATIONS, "applications");
        List<ACL> readable = identities.readable(path, keys);
        parent(zookeeper, path.applicationNode(), readable);
        checkRoom(zookeeper, path.applicationNode(), path.stage(), MOST_STAGES, "stages");
        parent(zookeeper, path.stageNode(), readable);
        checkRoom(zookeeper, path.stageNode(), path.namespace(), MOST_NAMESPACES, "namespaces");
        byte[] centerId = identities.centerId().getBytes(StandardCharsets.US_ASCII);
        try {
            zookeeper
                    .transaction()
                    .forOperations(
                            node(zookeeper, path.node(), new byte[0], readable),
                            node(zookeeper, path.draft(), Draft.NONE.encode(), identities.centerOnly()),
                            node(zookeeper, path.releases(), new byte[0], readable),
                            node(zookeeper, path.clients(), centerId, identities.reportable(path, keys)),
                            node(zookeeper, path.current(), Pointer.NOTHING.encode(), readable));
        } catch (KeeperException.NodeExistsException e) {
            // Another request was quicker.
        }
    }

    private static CuratorOp node(CuratorFramework zookeeper, String node, byte[] data, List<ACL> acl)
            throws Exception {
        return zookeeper.transactionOp().create().withACL(acl).forPath(node, data);
    }

    private static void parent(CuratorFramework zookeeper, String node, List<ACL> acl) throws Exception {
        if (zookeeper.checkExists().forPath(node) == null) {
            try {
                zookeeper.create().withACL(acl).forPath(node, new byte[0]);
            } catch (KeeperException.NodeExistsException e) {
                // Another request was quicker.
            }
        }
    }

    /** @throws Problem {@link ConfigProblem#TOO_MANY_NAMES} if the parent is full and has no child of that name */
    static void checkRoom(CuratorFramework zookeeper, String parent, String name, int most, String what)
            throws Exception {
        Stat stat = zookeeper.checkExists().forPath(parent);
        boolean full = stat != null && stat.getNumChildren() >= most;
        if (full && zookeeper.checkExists().forPath(parent + "/" + name) == null) {
            throw new Problem(ConfigProblem.TOO_MANY_NAMES, "There are " + most + " " + what + " already, the most.");
        }
    }
}
