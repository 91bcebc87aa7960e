package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.validation.DocumentSchema;
import io.switchboard.config.validation.ValidationProblem;
import io.switchboard.configprotocol.Format;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.ValidationApi.SchemaView;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The JSON schemas of namespaces that are documents. */
@Component
class Schemas {

    private final Ensemble ensemble;
    private final Documents documents;
    private final Namespaces namespaces;
    private final Audit audit;

    Schemas(Ensemble ensemble, Documents documents, Namespaces namespaces, Audit audit) {
        this.ensemble = ensemble;
        this.documents = documents;
        this.namespaces = namespaces;
        this.audit = audit;
    }

    /** @param schema empty if it was taken away */
    record Kept(Optional<Map<String, Object>> schema, String by) {}

    static String node(NamespacePath path) {
        return Documents.ROOT + "/schemas/" + path;
    }

    SchemaView read(NamespacePath path) {
        return view(stored(path));
    }

    private Optional<Stored<Kept>> stored(NamespacePath path) {
        try {
            return documents.read(node(path), Kept.class);
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }

    private static SchemaView view(Optional<Stored<Kept>> stored) {
        return new SchemaView(
                stored.flatMap(kept -> kept.value().schema()),
                stored.map(kept -> kept.version() + 1L).orElse(0L),
                stored.map(kept -> kept.value().by()));
    }

    /** @param version what it must be at, or null for whatever it is at */
    SchemaView write(NamespacePath path, @Nullable Map<String, Object> schema, @Nullable Long version, Caller caller) {
        if (!Format.of(path.namespace()).hasLeaves()) {
            throw new Problem(ValidationProblem.NO_DOCUMENT, "'" + path.namespace() + "' is no YAML or JSON document.");
        }
        var kept = new Kept(Optional.ofNullable(schema), caller.person());
        if (!documents.isSmall(kept)) {
            throw new Problem(ValidationProblem.INVALID_SCHEMA, "A schema may have 64 KiB.");
        }
        if (schema != null) {
            DocumentSchema.check(schema);
        }
        PublishRules.checkPublisher(namespaces.read(path).rules(), caller);
        Optional<Stored<Kept>> before = stored(path);
        if (version != null && version != view(before).version()) {
            throw new Problem(
                    RequestProblem.CONFLICT,
                    "The schema is at version " + view(before).version() + ", not " + version + ".");
        }
        if (before.isEmpty() && schema == null) {
            return view(before);
        }
        // No schema outlives what it is for: with its application, it is deleted.
        namespaces.ensure(path);
        store(path, before, kept);
        audit.schemaChanged(path, Callers.actor(caller), schema != null);
        return read(path);
    }

    private void store(NamespacePath path, Optional<Stored<Kept>> before, Kept kept) {
        try {
            ensemble.commit(zookeeper -> {
                documents.ensureParents(zookeeper, node(path));
                return List.of(documents.step(zookeeper, node(path), before, kept));
            });
        } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException e) {
            throw new Problem(RequestProblem.CONFLICT, "Somebody else changed the schema at the same time.");
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }
}
