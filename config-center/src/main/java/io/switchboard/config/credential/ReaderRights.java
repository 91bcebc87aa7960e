package io.switchboard.config.credential;

import io.switchboard.config.access.Identities;
import io.switchboard.config.access.ReaderKeys;
import io.switchboard.config.ensemble.ReportedNodes;
import io.switchboard.configprotocol.NamespacePath;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.ACL;

/** Opens all that an application reads to its reader keys, and to no others; may be repeated and go on where it was cut off. */
final class ReaderRights {

    private final CuratorFramework zookeeper;
    private final ReportedNodes reported;
    private final NamespacePath application;
    private final List<ACL> readable;
    private final List<ACL> reportable;

    ReaderRights(
            CuratorFramework zookeeper,
            ReportedNodes reported,
            Identities identities,
            NamespacePath application,
            ReaderKeys keys) {
        this.zookeeper = zookeeper;
        this.reported = reported;
        this.application = application;
        this.readable = identities.readable(application, keys);
        this.reportable = identities.reportable(application, keys);
    }

    void write() throws Exception {
        write(application.builds(), reportable);
        // None if there are too many: they hold what the application wrote itself.
        for (String build : reported.list(application.builds()).orNone()) {
            writeIfOurs(application.builds() + "/" + build);
        }
        write(application.applicationNode(), readable);
        for (String stage : children(application.applicationNode())) {
            String stageNode = application.applicationNode() + "/" + stage;
            write(stageNode, readable);
            for (String namespace : children(stageNode)) {
                write(new NamespacePath(application.tenant(), application.application(), stage, namespace));
            }
        }
    }

    private void write(NamespacePath path) throws Exception {
        write(path.node(), readable);
        write(path.clients(), reportable);
        write(path.current(), readable);
        write(path.canary(), readable);
        write(path.releases(), readable);
        for (String release : children(path.releases())) {
            write(path.releases() + "/" + release, readable);
        }
    }

    private List<String> children(String node) throws Exception {
        try {
            return zookeeper.getChildren().forPath(node);
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        }
    }

    /** Left by a task, which has had a right of its own to it. What it let nobody alter holds nothing of ours. */
    private void writeIfOurs(String node) throws Exception {
        try {
            write(node, readable);
        } catch (KeeperException.NoAuthException e) {
            // The task's alone.
        }
    }

    private void write(String node, List<ACL> rights) throws Exception {
        try {
            zookeeper.setACL().withACL(rights).forPath(node);
        } catch (KeeperException.NoNodeException e) {
            // Gone, or never there.
        }
    }
}
