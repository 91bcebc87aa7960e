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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class FreezeController implements FreezeApi {

    private static final Duration FARTHEST = Duration.ofDays(2 * 365 + 1);
    private static final int MOST_STAGES = 100;

    private final Ensemble ensemble;
    private final Namespaces namespaces;
    private final Documents documents;
    private final Audit audit;
    private final Clock clock;

    FreezeController(Ensemble ensemble, Namespaces namespaces, Documents documents, Audit audit, Clock clock) {
        this.ensemble = ensemble;
        this.namespaces = namespaces;
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
        Callers.checkId(id);
        if (!request.until().isAfter(request.from())) {
            throw RequestProblem.invalid("until", "must be after 'from'");
        }
        if (request.until().isAfter(clock.instant().plus(FARTHEST))) {
            throw RequestProblem.invalid("until", "must be within two years from now");
        }
        checkApplication(path, request.application());
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
        if (!documents.isSmall(after)) {
            throw new Problem(ConfigProblem.TOO_MANY_NAMES, "The freezes of this stage have 64 KiB, the most.");
        }
        store(path, before, after);
        audit.frozen(path, Callers.actor(caller), freeze);
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
        audit.thawed(path, Callers.actor(caller), id);
    }

    /** The stage of a tenant; which application's doesn't matter. */
    private static NamespacePath stage(String stage, @Nullable String tenant, @Nullable Caller caller) {
        return Callers.stage(caller, tenant, "any", stage);
    }

    /** A freeze for a name that was mistyped would hold for nothing. */
    private void checkApplication(NamespacePath path, @Nullable String application) {
        if (application == null) {
            return;
        }
        NamespacePath named = Callers.namespace(path.tenant(), application, path.stage(), path.namespace());
        if (namespaces.names(named).isEmpty()) {
            throw RequestProblem.invalid("application", "must be one that has configuration in this stage");
        }
    }

    private static void checkOwn(Optional<FreezeView> freeze, Caller caller) {
        if (freeze.isPresent() && !freeze.get().by().equals(caller.person()) && !caller.is(Role.OPERATOR)) {
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
            ensemble.commit(zookeeper -> {
                documents.ensureParents(zookeeper, Freezes.node(path));
                NamespaceNodes.checkRoom(
                        zookeeper, Freezes.ofTenant(path), path.stage(), MOST_STAGES, "stages with freezes");
                return steps(zookeeper, path, before, freezes);
            });
        } catch (KeeperException.BadVersionException
                | KeeperException.NodeExistsException
                | KeeperException.NoNodeException e) {
            throw new Problem(RequestProblem.CONFLICT, "Somebody else set a freeze at the same time.");
        } catch (KeeperException e) {
            throw Namespaces.defect(path, e);
        }
    }

    /** Goes with the last freeze: stages that nobody has any more leave nothing behind. */
    private List<CuratorOp> steps(
            CuratorFramework zookeeper, NamespacePath path, Optional<Stored<Freezes>> before, Freezes freezes)
            throws Exception {
        if (!freezes.all().isEmpty() || before.isEmpty()) {
            return List.of(documents.step(zookeeper, Freezes.node(path), before, freezes));
        }
        List<CuratorOp> steps = new ArrayList<>();
        steps.add(zookeeper
                .transactionOp()
                .delete()
                .withVersion(before.get().version())
                .forPath(Freezes.node(path)));
        if (zookeeper.checkExists().forPath(path.tenantNode()) != null) {
            // For LastEdits: the next list may have the version that this one had.
            steps.add(zookeeper.transactionOp().setData().forPath(path.tenantNode(), new byte[0]));
        }
        return steps;
    }
}
