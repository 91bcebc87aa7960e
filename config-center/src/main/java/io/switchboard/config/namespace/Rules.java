package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The rules of stages. */
@Component
class Rules {

    private final Ensemble ensemble;
    private final Namespaces namespaces;
    private final Documents documents;

    Rules(Ensemble ensemble, Namespaces namespaces, Documents documents) {
        this.ensemble = ensemble;
        this.namespaces = namespaces;
        this.documents = documents;
    }

    /** @param version counts their changes, 0 before the first */
    record Counted(StageRules rules, long version) {

        static Counted of(Optional<Stored<StageRules>> stored) {
            return stored.map(found -> new Counted(found.value(), found.version() + 1L))
                    .orElse(new Counted(StageRules.NONE, 0));
        }
    }

    Counted read(NamespacePath anyOfTheStage) {
        return Counted.of(stored(anyOfTheStage));
    }

    private Optional<Stored<StageRules>> stored(NamespacePath path) {
        try {
            return documents.read(StageRules.node(path), StageRules.class);
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }

    /** @param version what they must be at, or null for whatever they are at */
    Counted write(NamespacePath anyOfTheStage, StageRules wish, @Nullable Long version, Caller caller) {
        Optional<Stored<StageRules>> before = stored(anyOfTheStage);
        Counted now = Counted.of(before);
        if (version != null && version != now.version()) {
            throw new Problem(
                    ConfigProblem.STALE_RULES,
                    "The rules are at version " + now.version() + ", not " + version + ".",
                    Map.of("version", now.version()));
        }
        if (now.rules().equals(wish)) {
            return now;
        }
        if (!now.rules().restrictNothing() && !caller.is(Role.OPERATOR)) {
            throw new Problem(ConfigProblem.RULES_IN_FORCE, "The stage has rules, and only an operator changes them.");
        }
        // A stage that is not there yet gets its first namespace: so stages stay bounded by what bounds namespaces.
        namespaces.ensure(anyOfTheStage);
        return store(anyOfTheStage, before, wish);
    }

    private Counted store(NamespacePath path, Optional<Stored<StageRules>> before, StageRules wish) {
        try {
            ensemble.commit(zookeeper -> {
                documents.ensureParents(zookeeper, StageRules.node(path));
                return List.of(documents.step(zookeeper, StageRules.node(path), before, wish));
            });
            return new Counted(wish, before.map(stored -> stored.version() + 2L).orElse(1L));
        } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException e) {
            throw new Problem(ConfigProblem.STALE_RULES, "Somebody else changed the rules at the same time.");
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }
}
