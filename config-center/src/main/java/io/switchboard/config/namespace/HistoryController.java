package io.switchboard.config.namespace;

import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.config.ConfigApi.Change;
import io.switchboard.contracts.config.ConfigApi.ReleaseView;
import io.switchboard.contracts.config.HistoryApi;
import io.switchboard.contracts.identity.Caller;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class HistoryController implements HistoryApi {

    private final Namespaces namespaces;
    private final ReleaseHistory history;
    private final CanaryNodes canaries;
    private final Clock clock;

    HistoryController(Namespaces namespaces, ReleaseHistory history, CanaryNodes canaries, Clock clock) {
        this.namespaces = namespaces;
        this.history = history;
        this.canaries = canaries;
        this.clock = clock;
    }

    @Override
    public List<ItemOrigin> blame(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        NamespaceState state = namespaces.read(path);
        Set<Long> abandoned = canaries.abandoned(path);
        List<Release> releases = history.list(path).reversed().stream()
                .filter(release -> release.number() <= state.number() && !abandoned.contains(release.number()))
                .toList();
        List<ItemOrigin> origins = new ArrayList<>();
        Blame.of(releases).forEach((key, release) -> {
            boolean oldest = release.equals(releases.getFirst());
            origins.add(new ItemOrigin(
                    key,
                    Views.of(release),
                    oldest && release.number() > 1,
                    Optional.ofNullable(state.comments().released().byKey().get(key))));
        });
        return origins;
    }

    @Override
    public List<ReleaseView> earlier(
            String application,
            String stage,
            String namespace,
            long before,
            @Nullable String tenant,
            @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        CanaryLog log = canaries.read(path);
        return history.before(path, before, ReleaseHistory.KEPT).stream()
                .map(release -> Views.of(release, log))
                .toList();
    }

    @Override
    public DraftView draft(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath path = Callers.namespace(caller, tenant, application, stage, namespace);
        NamespaceState state = namespaces.read(path);
        Set<String> takenBack = history.takenBack(path, state, () -> canaries.abandoned(path));
        Map<String, String> authors = state.authorsOfChanges();
        List<PendingChange> changes = new ArrayList<>();
        for (Change change : Views.changes(state.inEffect(), state.drafted())) {
            changes.add(new PendingChange(
                    Views.withLines(change),
                    Optional.ofNullable(authors.get(change.key())),
                    takenBack.contains(change.key())));
        }
        return new DraftView(
                state.revision(),
                changes,
                state.release().filter(release -> !takenBack.isEmpty()).map(Views::of),
                state.freezes().holding(path.application(), clock.instant()));
    }
}
