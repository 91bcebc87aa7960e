package io.switchboard.config.namespace;

import io.switchboard.config.access.Identities;
import io.switchboard.config.ensemble.ZooKeeperProperties;
import io.switchboard.configprotocol.ClientReport;
import io.switchboard.configprotocol.ClientVariable;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.validation.Valid;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

/** A namespace that was never written to is an empty one; the first change makes it. */
@RestController
class ConfigController implements ConfigApi {

    private final Namespaces namespaces;
    private final Releases releases;
    private final Identities identities;
    private final ZooKeeperProperties zookeeper;
    private final Audit audit;

    ConfigController(
            Namespaces namespaces,
            Releases releases,
            Identities identities,
            ZooKeeperProperties zookeeper,
            Audit audit) {
        this.namespaces = namespaces;
        this.releases = releases;
        this.identities = identities;
        this.zookeeper = zookeeper;
        this.audit = audit;
    }

    @Override
    public NamespaceView namespace(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath path = path(caller, tenant, application, stage, namespace);
        return view(path, namespaces.read(path));
    }

    @Override
    public NamespaceView putItems(
            String application,
            String stage,
            String namespace,
            @Valid ItemsRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = path(caller, tenant, application, stage, namespace);
        NamespaceState state = namespaces.edit(path, request.items(), request.revision());
        audit.edited(path, author(caller), state.revision(), request.items().keySet());
        return view(path, state);
    }

    @Override
    public ResponseEntity<ReleaseView> publish(
            String application,
            String stage,
            String namespace,
            @Valid PublishRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = path(caller, tenant, application, stage, namespace);
        var made = publish(new TreeMap<>(Map.of(path, request.revision())), request.message(), caller);
        return ResponseEntity.status(HttpStatus.CREATED)
                .body(view(made.getFirst().release()));
    }

    @Override
    public ResponseEntity<List<NamespaceRelease>> publishTogether(
            String application,
            String stage,
            @Valid PublishTogetherRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        var revisions = new TreeMap<NamespacePath, Long>();
        request.revisions()
                .forEach((namespace, revision) ->
                        revisions.put(path(caller, tenant, application, stage, namespace), revision));
        var made = publish(revisions, request.message(), caller);
        return ResponseEntity.status(HttpStatus.CREATED)
                .body(made.stream()
                        .map(Releases.Made::release)
                        .map(release -> new NamespaceRelease(release.path().namespace(), view(release)))
                        .toList());
    }

    private List<Releases.Made> publish(
            SortedMap<NamespacePath, Long> revisions, @Nullable String message, @Nullable Caller caller) {
        List<Releases.Made> made = releases.publish(revisions, author(caller), text(message));
        made.forEach(audit::published);
        return made;
    }

    @Override
    public ResponseEntity<NamespaceView> rollBack(
            String application,
            String stage,
            String namespace,
            @Valid RollbackRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = path(caller, tenant, application, stage, namespace);
        audit.published(releases.rollBack(path, request.from(), request.to(), author(caller), text(request.message())));
        return ResponseEntity.status(HttpStatus.CREATED).body(view(path, namespaces.read(path)));
    }

    private static String text(@Nullable String message) {
        String text = Objects.requireNonNullElse(message, "");
        if (!ItemRules.isText(text)) {
            throw new Problem(ConfigProblem.INVALID_VALUE, "The message is not Unicode text.");
        }
        return text;
    }

    @Override
    public List<NamespaceSummary> namespaces(
            String application, String stage, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath sibling = path(caller, tenant, application, stage, NamespacePath.DEFAULT_NAMESPACE);
        return namespaces.names(sibling).stream()
                .map(name -> summary(sibling.sibling(name)))
                .toList();
    }

    private NamespaceSummary summary(NamespacePath path) {
        NamespaceState state = namespaces.read(path);
        return new NamespaceSummary(
                path.namespace(),
                state.release().map(ConfigController::view),
                state.draft().changedSince(state.released()).size());
    }

    @Override
    public ReleaseContent release(
            String application,
            String stage,
            String namespace,
            long number,
            @Nullable String tenant,
            @Nullable Caller caller) {
        Release release = releases.release(path(caller, tenant, application, stage, namespace), number);
        return new ReleaseContent(view(release), release.items().values());
    }

    @Override
    public List<Change> diff(
            String application,
            String stage,
            String namespace,
            @Nullable String from,
            @Nullable String to,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = path(caller, tenant, application, stage, namespace);
        NamespaceState state = namespaces.read(path);
        return changes(
                items(path, state, Objects.requireNonNullElse(from, "current")),
                items(path, state, Objects.requireNonNullElse(to, "draft")));
    }

    private Items items(NamespacePath path, NamespaceState state, String point) {
        return switch (point) {
            case "draft" -> state.draft();
            case "current" -> state.released();
            case "empty" -> Items.NONE;
            default -> {
                if (!point.matches("[1-9][0-9]{0,17}")) {
                    throw new Problem(
                            ConfigProblem.INVALID_POINT, "A point to compare is a release or a word for one.");
                }
                yield releases.release(path, Long.parseLong(point)).items();
            }
        };
    }

    @Override
    public List<ReleaseView> releases(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        return releases.list(path(caller, tenant, application, stage, namespace)).stream()
                .map(ConfigController::view)
                .toList();
    }

    @Override
    public List<ClientView> clients(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        return namespaces.clients(path(caller, tenant, application, stage, namespace)).stream()
                .map(ConfigController::view)
                .toList();
    }

    @Override
    public ReadAccess readAccess(AccessRequest request) {
        NamespacePath path =
                path(request.tenant(), request.application(), request.stage(), NamespacePath.DEFAULT_NAMESPACE);
        namespaces.ensure(path);
        audit.accessGiven(path);
        return new ReadAccess(Map.of(
                ClientVariable.SWITCHBOARD_CONFIG_ZOOKEEPER.name(), zookeeper.forTasks(),
                ClientVariable.SWITCHBOARD_CONFIG_TENANT.name(), path.tenant(),
                ClientVariable.SWITCHBOARD_CONFIG_APPLICATION.name(), path.application(),
                ClientVariable.SWITCHBOARD_CONFIG_STAGE.name(), path.stage(),
                ClientVariable.SWITCHBOARD_CONFIG_USER.name(), identities.readerUser(path),
                ClientVariable.SWITCHBOARD_CONFIG_SECRET.name(), identities.readerSecret(path)));
    }

    private static NamespacePath path(
            @Nullable Caller caller, @Nullable String tenant, String application, String stage, String namespace) {
        return path(tenant(known(caller), tenant), application, stage, namespace);
    }

    private static NamespacePath path(
            @Nullable String tenant, @Nullable String application, @Nullable String stage, String namespace) {
        try {
            return new NamespacePath(
                    Objects.requireNonNullElse(tenant, ""),
                    Objects.requireNonNullElse(application, ""),
                    Objects.requireNonNullElse(stage, ""),
                    namespace);
        } catch (IllegalArgumentException e) {
            throw new Problem(ConfigProblem.INVALID_NAME, "The " + e.getMessage() + ".");
        }
    }

    /** The credential's tenant; operators and services have none and name one. */
    private static String tenant(Caller caller, @Nullable String named) {
        if (caller.tenant().isPresent()) {
            String own = caller.tenant().get();
            if (named != null && !named.equals(own)) {
                throw new Problem(RequestProblem.NOT_FOUND, "There is no such tenant.");
            }
            return own;
        }
        if (!caller.is(Role.OPERATOR) && !caller.is(Role.SERVICE)) {
            throw new Problem(RequestProblem.FORBIDDEN, "The credential belongs to no tenant.");
        }
        if (named == null) {
            throw new Problem(ConfigProblem.TENANT_MISSING, "The credential belongs to no tenant.");
        }
        return named;
    }

    private static String author(@Nullable Caller caller) {
        return known(caller).subject();
    }

    private static Caller known(@Nullable Caller caller) {
        return Objects.requireNonNull(caller, "the resolver gives one or refuses");
    }

    private static NamespaceView view(NamespacePath path, NamespaceState state) {
        return new NamespaceView(
                path.tenant(),
                path.application(),
                path.stage(),
                path.namespace(),
                state.revision(),
                state.draft().values(),
                state.released().values(),
                state.release().map(ConfigController::view),
                changes(state.released(), state.draft()));
    }

    private static List<Change> changes(Items before, Items after) {
        return after.changedSince(before).stream()
                .map(key -> new Change(
                        key,
                        Optional.ofNullable(before.values().get(key)),
                        Optional.ofNullable(after.values().get(key))))
                .toList();
    }

    private static ReleaseView view(Release release) {
        return new ReleaseView(
                release.number(),
                release.author(),
                release.message(),
                release.at(),
                release.items().hash(),
                release.restores().isPresent() ? Optional.of(release.restores().getAsLong()) : Optional.empty());
    }

    private static ClientView view(ClientReport report) {
        return new ClientView(report.client(), report.release(), report.since(), report.problem());
    }
}
