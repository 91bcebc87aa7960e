package io.switchboard.config.backup;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Shut;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;

/** Deletes all that is kept, which is what a restore left that was cut off. */
final class Clearing {

    /** Ephemeral, or about to be told or written: nothing that was kept. */
    private static final Set<String> PASSING = Set.of("acts", "marks", "restore", "untold");

    /** Clients come and go below nodes of their own. */
    private static final int ATTEMPTS = 10;

    private final Shut shut;

    Clearing(Shut shut) {
        this.shut = shut;
    }

    static boolean isEmpty(CuratorFramework zookeeper) throws Exception {
        return kept(zookeeper).isEmpty();
    }

    /** The topmost nodes of all that is kept. */
    private static List<String> kept(CuratorFramework zookeeper) throws Exception {
        List<String> directories = new ArrayList<>(List.of(NamespacePath.ROOT));
        zookeeper.getChildren().forPath(Documents.ROOT).stream()
                .filter(name -> !PASSING.contains(name))
                .forEach(name -> directories.add(Documents.ROOT + "/" + name));
        List<String> kept = new ArrayList<>();
        for (String directory : directories) {
            zookeeper.getChildren().forPath(directory).forEach(name -> kept.add(directory + "/" + name));
        }
        return kept;
    }

    /** @throws Problem if the tree is not held any more, or others make nodes in it all the time */
    void clear() throws KeeperException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                var steps = new Steps(shut);
                for (String node : shut.ask(Clearing::kept)) {
                    delete(node, steps);
                }
                steps.commit();
                return;
            } catch (KeeperException.NoNodeException | KeeperException.NotEmptyException e) {
                // Seen anew.
            }
        }
        throw BackupProblem.disturbed();
    }

    private void delete(String node, Steps steps) throws KeeperException {
        for (String child : children(node)) {
            delete(node + "/" + child, steps);
        }
        steps.add(zookeeper -> zookeeper.transactionOp().delete().forPath(node), node.length());
    }

    private List<String> children(String node) throws KeeperException {
        try {
            return shut.ask(zookeeper -> zookeeper.getChildren().forPath(node));
        } catch (KeeperException.NoAuthException e) {
            // A client's that keeps it to itself.
            return List.of();
        }
    }
}
