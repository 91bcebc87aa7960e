package io.switchboard.config.namespace;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import jakarta.validation.Valid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
    private final ReleaseHistory history;
    private final LateClients lateClients;
    private final CanaryNodes canaries;
    private final ReadCredentials credentials;
    private final Audit audit;

    ConfigController(
            Namespaces namespaces,
            Releases releases,
            ReleaseHistory history,
            LateClients lateClients,
            CanaryNodes canaries,
            ReadCredentials credentials,
            Audit audit) {
        this.namespaces = namespaces;
        this.releases = releases;
        this.history = history;
        this.lateClients = lateClients;
        this.canaries = canaries;
        this.credentials = credentials;
        this.audit = audit;
    }

    @Override
    public NamespaceView namespace(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        return Views.of(path, namespaces.read(path));
    }

    @Override
    public NamespaceView putItems(
            String application,
            String stage,
            String namespace,
            @Valid ItemsRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        Map<String, @Nullable String> comments = new HashMap<>();
        if (request.comments() != null) {
            comments.putAll(request.comments());
        }
        Namespaces.Edited edited =
                namespaces.edit(path, request.items(), comments, request.revision(), Callers.author(caller));
        audit.edited(path, Callers.actor(caller), edited.state().revision(), edited.keys());
        return Views.of(path, edited.state());
    }

    @Override
    public ResponseEntity<ReleaseView> publish(
            String application,
            String stage,
            String namespace,
            @Valid PublishRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        var wish = new Releases.Publication(
                new TreeMap<>(Map.of(path, request.revision())),
                request.only() == null ? Set.of() : request.only(),
                ItemRules.message(request.message()),
                Boolean.TRUE.equals(request.again()),
                ItemRules.reason(request.override()),
                ItemRules.reason(request.accept()),
                Optional.empty());
        var made = publish(wish, caller);
        return ResponseEntity.status(HttpStatus.CREATED)
                .body(Views.of(made.getFirst().release()));
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
                        revisions.put(Callers.namespace(caller, tenant, application, stage, namespace), revision));
        var wish = new Releases.Publication(
                revisions,
                ItemRules.message(request.message()),
                Boolean.TRUE.equals(request.again()),
                ItemRules.reason(request.override()),
                ItemRules.reason(request.accept()));
        return ResponseEntity.status(HttpStatus.CREATED)
                .body(publish(wish, caller).stream()
                        .map(Releases.Made::release)
                        .map(release -> new NamespaceRelease(release.path().namespace(), Views.of(release)))
                        .toList());
    }

    private List<Releases.Made> publish(Releases.Publication wish, @Nullable Caller caller) {
        return releases.publish(wish, Callers.known(caller));
    }

    @Override
    public ResponseEntity<NamespaceView> rollBack(
            String application,
            String stage,
            String namespace,
            @Valid RollbackRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        var ways = new TreeMap<>(Map.of(path, new Releases.Way(request.from(), request.to(), request.discard())));
        return ResponseEntity.status(HttpStatus.CREATED)
                .body(rollBack(ways, request.message(), request.override(), caller)
                        .getFirst());
    }

    @Override
    public ResponseEntity<List<NamespaceView>> rollBackTogether(
            String application,
            String stage,
            @Valid RollbackTogetherRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        var ways = new TreeMap<NamespacePath, Releases.Way>();
        request.namespaces()
                .forEach((namespace, way) -> ways.put(
                        Callers.namespace(caller, tenant, application, stage, namespace),
                        new Releases.Way(way.from(), way.to(), null)));
        return ResponseEntity.status(HttpStatus.CREATED)
                .body(rollBack(ways, request.message(), request.override(), caller));
    }

    /** As they are then, so that everybody sees what waits in the drafts. */
    private List<NamespaceView> rollBack(
            SortedMap<NamespacePath, Releases.Way> ways,
            @Nullable String message,
            @Nullable String override,
            @Nullable Caller caller) {
        releases.rollBack(
                new Releases.Rollback(ways, ItemRules.message(message), ItemRules.reason(override)),
                Callers.known(caller));
        return ways.keySet().stream()
                .map(path -> Views.of(path, namespaces.read(path)))
                .toList();
    }

    @Override
    public List<NamespaceSummary> namespaces(
            String application, String stage, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath sibling = Callers.namespace(caller, tenant, application, stage, NamespacePath.DEFAULT_NAMESPACE);
        return namespaces.names(sibling).stream()
                .map(name -> summary(sibling.sibling(name)))
                .toList();
    }

    private NamespaceSummary summary(NamespacePath path) {
        NamespaceState state = namespaces.read(path);
        return new NamespaceSummary(
                path.namespace(),
                state.release().map(Views::of),
                state.pending().size(),
                Views.format(path));
    }

    @Override
    public ReleaseContent release(
            String application,
            String stage,
            String namespace,
            long number,
            @Nullable String tenant,
            @Nullable Caller caller) {
        Release release = history.release(Callers.namespace(caller, tenant, application, stage, namespace), number);
        Comments comments = history.comments(release.path(), number);
        return new ReleaseContent(Views.of(release), release.items().values(), Views.of(comments));
    }

    @Override
    public List<Change> diff(
            String application,
            String stage,
            String namespace,
            @Nullable String from,
            @Nullable String to,
            boolean lines,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        NamespaceState state = namespaces.read(path);
        List<Change> changes = Views.changes(
                content(path, state, Objects.requireNonNullElse(from, "current")),
                content(path, state, Objects.requireNonNullElse(to, "draft")));
        return lines ? changes.stream().map(Views::withLines).toList() : changes;
    }

    private Content content(NamespacePath path, NamespaceState state, String point) {
        return switch (point) {
            case "draft" -> state.drafted();
            case "current" -> state.inEffect();
            case "empty" -> Content.NONE;
            default -> {
                if (!point.matches("[1-9][0-9]{0,17}")) {
                    throw new Problem(
                            ConfigProblem.INVALID_POINT, "A point to compare is a release or a word for one.");
                }
                long number = Long.parseLong(point);
                yield new Content(history.release(path, number).items(), history.comments(path, number));
            }
        };
    }

    @Override
    public List<ReleaseView> releases(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        CanaryLog log = canaries.read(path);
        return history.list(path).stream()
                .map(release -> Views.of(release, log))
                .toList();
    }

    @Override
    public List<ClientView> clients(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        NamespaceState state = namespaces.read(path);
        return namespaces.clients(path).stream()
                .map(client -> Views.of(client, lateClients.lateSince(client, state), state.canary()))
                .toList();
    }

    @Override
    public ReadAccess readAccess(AccessRequest request) {
        NamespacePath path = Callers.namespace(
                request.tenant(), request.application(), request.stage(), NamespacePath.DEFAULT_NAMESPACE);
        return credentials.ofTasks(path, request.workload());
    }
}
