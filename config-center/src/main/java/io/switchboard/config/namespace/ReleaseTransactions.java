package io.switchboard.config.namespace;

import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.problem.Problem;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException;
import org.springframework.stereotype.Component;

/** Has {@link ReleaseTransaction}s carried out. */
@Component
class ReleaseTransactions {

    private final Ensemble ensemble;
    private final Identities identities;
    private final Documents documents;

    ReleaseTransactions(Ensemble ensemble, Identities identities, Documents documents) {
        this.ensemble = ensemble;
        this.identities = identities;
        this.documents = documents;
    }

    @FunctionalInterface
    interface Steps {
        void addTo(ReleaseTransaction transaction) throws Exception;
    }

    /**
     * All steps at once, or none.
     *
     * @param path for operators
     * @param overtaken what is thrown, without an effect, if something is another by then
     */
    void commit(NamespacePath path, Steps steps, Supplier<Problem> overtaken) {
        try {
            commit(built(steps));
        } catch (KeeperException.BadVersionException
                | KeeperException.NodeExistsException
                | KeeperException.NoNodeException e) {
            throw overtaken.get();
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }

    /** @throws Problem if they are more than one step takes */
    void checkSize(NamespacePath path, Steps steps) {
        try {
            built(steps);
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }

    private void commit(ReleaseTransaction transaction) throws KeeperException {
        try {
            ensemble.commit(zookeeper -> transaction.steps());
        } catch (KeeperException.NoNodeException e) {
            ensemble.ask(zookeeper -> {
                transaction.ensureParents();
                return transaction;
            });
            ensemble.commit(zookeeper -> transaction.steps());
        }
    }

    private ReleaseTransaction built(Steps steps) throws KeeperException {
        return ensemble.ask(zookeeper -> {
            var transaction = new ReleaseTransaction(zookeeper, identities, documents);
            steps.addTo(transaction);
            transaction.checkSize();
            return transaction;
        });
    }
}
