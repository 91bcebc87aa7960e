package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Documents;
import io.switchboard.config.ensemble.Documents.Stored;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.FreezeApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.validation.Valid;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class FreezeController implements FreezeApi {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private final Ensemble ensemble;
    private final Documents documents;
    private final Audit audit;
    private final Clock clock;

    FreezeController(Ensemble ensemble, Documents documents, Audit audit, Clock clock) {
        this.ensemble = ensemble;
        this.documents = documents;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    public List<FreezeView> freezes(String stage, @Nullable String tenant, @Nullable Caller caller) {
        return stored(stage(stage, tenant, caller))
                .map(Stored::value)
                .orElse(Freezes.NONE)
                .all();
    }

    @Override
    public FreezeView put(
            String stage, String id, @Valid FreezeRequest request, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath path = stage(stage, tenant, caller);
        if (!ID.matcher(id).matches()) {
            throw RequestProblem.invalid(
                    "id",
                    "must be letters, digits, dots, dashes and underscores, at most 63, starting with a letter or digit");
        }
        if (!request.until().isAfter(request.from())) {
            throw RequestProblem.invalid("until", "must be after 'from'");
        }
        Optional<Stored<Freezes>> before = stored(path);
        Freezes freezes = before.map(Stored::value).orElse(Freezes.NONE);
        Optional<FreezeView> same = freezes.byId(id);
        checkOwn(same, Callers.known(caller));
        var freeze = new FreezeView(
                id,
                request.from(),
                request.until(),
                ItemRules.message(request.reason()),
                Optional.ofNullable(request.application()),
                same.map(FreezeView::by).orElse(Callers.author(caller)));
        if (same.isPresent() && same.get().equals(freeze)) {
            return freeze;
        }
        Freezes after = freezes.with(freeze, clock.instant());
        if (after.all().size() > Freezes.MOST) {
            throw new Problem(
                    ConfigProblem.TOO_MANY_NAMES, "There are " + Freezes.MOST + " freezes already, the most.");
        }
        store(path, before, after);
        audit.frozen(path, Callers.author(caller), freeze);
        return freeze;
    }

    @Override
    public void delete(String stage, String id, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath path = stage(stage, tenant, caller);
        Optional<Stored<Freezes>> before = stored(path);
        Optional<FreezeView> freeze = before.flatMap(stored -> stored.value().byId(id));
        if (freeze.isEmpty()) {
            return;
        }
        checkOwn(freeze, Callers.known(caller));
        store(path, before, before.get().value().without(id, clock.instant()));
        audit.thawed(path, Callers.author(caller), id);
    }

    /** The stage of a tenant; which application's doesn't matter. */
    private static NamespacePath stage(String stage, @Nullable String tenant, @Nullable Caller caller) {
        return Callers.namespace(caller, tenant, "any", stage, NamespacePath.DEFAULT_NAMESPACE);
    }

    private static void checkOwn(Optional<FreezeView> freeze, Caller caller) {
        if (freeze.isPresent() && !freeze.get().by().equals(caller.subject()) && !caller.is(Role.OPERATOR)) {
            throw new Problem(
                    RequestProblem.FORBIDDEN, "'" + freeze.get().by() + "' set this freeze, and ends or alters it.");
        }
    }

    private Optional<Stored<Freezes>> stored(NamespacePath path) {
        try {
            return documents.read(Freezes.node(path), Freezes.class);
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }

    private void store(NamespacePath path, Optional<Stored<Freezes>> before, Freezes freezes) {
        try {
            ensemble.ask(zookeeper -> {
                documents.ensureParents(zookeeper, Freezes.node(path));
                return zookeeper
                        .transaction()
                        .forOperations(documents.step(zookeeper, Freezes.node(path), before, freezes));
            });
        } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException e) {
            throw new Problem(RequestProblem.CONFLICT, "Somebody else set a freeze at the same time.");
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }
}
