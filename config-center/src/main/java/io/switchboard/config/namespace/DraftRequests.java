package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.configprotocol.NamespacePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.springframework.stereotype.Component;

/**
 * What was asked for and decided about a draft, and when it is to be released. It stands when the same values are sealed in another way,
 * or are released once more by the center.
 */
@Component
class DraftRequests {

    private final Documents documents;

    DraftRequests(Documents documents) {
        this.documents = documents;
    }

    /**
     * Steps of the transaction that writes the draft, or what is in effect, anew.
     *
     * @param revision of the draft after it
     * @param release in effect after it
     */
    List<CuratorOp> moved(
            CuratorFramework zookeeper, NamespacePath path, NamespaceState before, long revision, long release)
            throws Exception {
        List<CuratorOp> steps = new ArrayList<>();
        if (before.review().isPresent()) {
            Review after = before.review().get().movedTo(revision, release);
            steps.add(
                    documents.step(zookeeper, Review.node(path), before.guards().review(), after));
        }
        if (revision != before.revision()) {
            Optional<Stored<Schedule>> stored = documents.read(Schedule.node(path), Schedule.class);
            Schedule after = stored.map(Stored::value)
                    .orElse(Schedule.NONE)
                    .moved(path.namespace(), before.revision(), revision);
            if (stored.isPresent() && !after.equals(stored.get().value())) {
                steps.add(documents.step(zookeeper, Schedule.node(path), stored, after));
            }
        }
        return steps;
    }
}
