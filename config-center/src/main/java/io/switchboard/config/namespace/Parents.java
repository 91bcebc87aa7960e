package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Answers;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.ensemble.HeirNodes;
import io.switchboard.configprotocol.Current;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.springframework.stereotype.Component;

/** Namespaces that one inherits from, all read with one request: what they have in effect, and whether they know of it. */
@Component
class Parents {

    private static final int ATTEMPTS = 10;

    private final Ensemble ensemble;

    Parents(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    /**
     * One of them, at the moment when all were read.
     *
     * @param release in effect
     * @param version of the node that says which one that is
     * @param heirs how many it has been told of; empty if it never was
     * @param knows whether this heir is among them
     */
    record Parent(Optional<Release> release, int version, Optional<Integer> heirs, boolean knows) {}

    /** By path, in the same order. */
    Map<NamespacePath, Parent> read(NamespacePath heir, List<NamespacePath> parents) {
        try {
            return ensemble.ask(zookeeper -> read(zookeeper, heir, parents));
        } catch (KeeperException e) {
            throw Namespaces.defect(heir, e);
        }
    }

    private static Map<NamespacePath, Parent> read(
            CuratorFramework zookeeper, NamespacePath heir, List<NamespacePath> parents) throws Exception {
        List<Op> reads = new ArrayList<>();
        for (NamespacePath parent : parents) {
            reads.add(Answers.data(parent.current()));
            reads.add(Answers.data(HeirNodes.of(parent)));
            reads.add(Answers.data(HeirNodes.of(parent, heir)));
        }
        // Again if a large release went away between the pointer and the look at it.
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Answers answers = Answers.of(zookeeper, reads.toArray(Op[]::new));
            Map<NamespacePath, Parent> found = new LinkedHashMap<>();
            boolean all = true;
            for (int index = 0; index < parents.size(); index++) {
                NamespacePath path = parents.get(index);
                Optional<Answers.Found> pointer = answers.found(3 * index);
                Optional<Release> release = Optional.empty();
                if (pointer.isPresent()) {
                    Current current = pointer.get().decoded(data -> Current.decode(data, path));
                    long number = current.pointer().number();
                    release = number == 0 || current.release().isPresent()
                            ? current.release()
                            : ReleaseHistory.stored(zookeeper, path, number);
                    all &= number == 0 || release.isPresent();
                }
                found.put(
                        path,
                        new Parent(
                                release,
                                pointer.map(Answers.Found::version).orElse(-1),
                                answers.found(3 * index + 1).map(Answers.Found::children),
                                answers.found(3 * index + 2).isPresent()));
            }
            if (all) {
                return found;
            }
        }
        throw new Problem(RequestProblem.CONFLICT, "Others publish all the time what this namespace inherits.");
    }
}
