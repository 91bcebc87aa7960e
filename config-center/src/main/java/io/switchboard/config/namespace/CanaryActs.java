package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.namespace.Namespaces.Connected;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.CanaryApi.CanaryView;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** What happens to a canary that runs, each act in one transaction with the log of it. */
@Component
class CanaryActs {

    private static final int ATTEMPTS = 3;

    private final ReleaseTransactions transactions;
    private final Namespaces namespaces;

    CanaryActs(ReleaseTransactions transactions, Namespaces namespaces) {
        this.transactions = transactions;
        this.namespaces = namespaces;
    }

    /** What users do must not fail for what a center notes at the same time: each look of one may write the log. */
    static <T> T again(Supplier<T> act) {
        for (int left = ATTEMPTS; ; left--) {
            try {
                return act.get();
            } catch (Problem overtaken) {
                boolean mayBeNote = overtaken.code().equals(RequestProblem.CONFLICT)
                        || overtaken.code().equals(ConfigProblem.STALE_REVISION);
                if (!mayBeNote || left == 0) {
                    throw overtaken;
                }
            }
        }
    }

    /** The canary's namespaces as they are, for somebody who may publish there. */
    SortedMap<NamespacePath, NamespaceState> states(NamespacePath stage, CanaryView canary, Caller caller) {
        SortedMap<NamespacePath, NamespaceState> states = new TreeMap<>();
        canary.releases().keySet().forEach(name -> {
            NamespaceState state = namespaces.read(stage.sibling(name));
            PublishRules.checkPublisher(state.rules(), caller);
            states.put(stage.sibling(name), state);
        });
        return states;
    }

    /** Who is connected, by namespace. */
    SortedMap<String, List<Connected>> connected(NamespacePath stage, Iterable<String> names) {
        SortedMap<String, List<Connected>> connected = new TreeMap<>();
        names.forEach(name -> connected.put(name, namespaces.connected(stage.sibling(name))));
        return connected;
    }

    /** @throws Problem {@link RequestProblem#CONFLICT} without an effect, if something is another by then */
    void commit(NamespacePath stage, ReleaseTransactions.Steps steps) {
        transactions.commit(
                stage,
                steps,
                () -> new Problem(RequestProblem.CONFLICT, "Something else happened to the canary at the same time."));
    }

    /** Takes away a name that stands for no canary, so that nobody looks after it any more, unless one is called so by then. */
    void forget(RunningCanary nameless, Optional<Stored<CanaryLog>> log) {
        commit(nameless.stage(), transaction -> {
            transaction.unchanged(CanaryLog.node(nameless.stage()), log);
            transaction.add(
                    zookeeper -> List.of(zookeeper.transactionOp().delete().forPath(nameless.node())));
        });
    }
}
