package io.switchboard.fakes;

import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Namespaces in memory; a release reaches one client at once and leaves another behind. */
@RestController
public class FakeConfig implements ConfigApi {

    private final Map<String, Space> spaces = new HashMap<>();

    private static final class Space {
        long revision = 1;
        final Map<String, String> items = new TreeMap<>();
        Map<String, String> released = Map.of();
        final List<ReleaseView> releases = new ArrayList<>();
    }

    /** Gives an application a published item, as if it had been configured before. */
    public synchronized void publish(String tenant, String application, Map<String, String> items) {
        Space space = space(tenant, application);
        space.items.putAll(items);
        release(space, "setup", "First settings");
    }

    /** Changes the draft behind the console's back. */
    public synchronized void somebodyElseSets(String tenant, String application, String key, String value) {
        Space space = space(tenant, application);
        space.items.put(key, value);
        space.revision++;
    }

    private Space space(String tenant, String application) {
        return spaces.computeIfAbsent(tenant + "/" + application, name -> new Space());
    }

    private Space space(String application, @Nullable String tenant, @Nullable Caller caller) {
        return space(FakeOrders.signedIn(caller).tenant().orElseGet(() -> String.valueOf(tenant)), application);
    }

    @Override
    public synchronized NamespaceView namespace(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        Space space = space(application, tenant, caller);
        TreeSet<String> keys = new TreeSet<>(space.items.keySet());
        keys.addAll(space.released.keySet());
        List<Change> changes = keys.stream()
                .map(key -> new Change(
                        key, Optional.ofNullable(space.released.get(key)), Optional.ofNullable(space.items.get(key))))
                .filter(change -> !change.before().equals(change.after()))
                .toList();
        return new NamespaceView(
                "acme",
                application,
                stage,
                namespace,
                space.revision,
                space.items,
                space.released,
                space.releases.stream().findFirst(),
                changes);
    }

    @Override
    public synchronized NamespaceView putItems(
            String application,
            String stage,
            String namespace,
            @RequestBody ItemsRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        Space space = space(application, tenant, caller);
        checkRevision(request.revision(), space);
        request.items().forEach((key, value) -> {
            if (value == null) {
                space.items.remove(key);
            } else {
                space.items.put(key, value);
            }
        });
        space.revision++;
        return namespace(application, stage, namespace, tenant, caller);
    }

    @Override
    public synchronized ResponseEntity<ReleaseView> publish(
            String application,
            String stage,
            String namespace,
            @RequestBody PublishRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        Space space = space(application, tenant, caller);
        checkRevision(request.revision(), space);
        if (space.items.equals(space.released)) {
            throw new Problem(FakeProblem.NOTHING_TO_PUBLISH, "The draft holds what is released.");
        }
        String message = request.message() == null ? "" : request.message();
        return ResponseEntity.status(201)
                .body(release(space, FakeOrders.signedIn(caller).subject(), message));
    }

    private static ReleaseView release(Space space, String author, String message) {
        space.released = Map.copyOf(space.items);
        ReleaseView release =
                new ReleaseView(space.releases.size() + 1, author, message, Instant.now(), "sha256:" + space.revision);
        space.releases.addFirst(release);
        space.revision++;
        return release;
    }

    private static void checkRevision(@Nullable Long revision, Space space) {
        if (revision != null && revision != space.revision) {
            throw new Problem(
                    FakeProblem.DRAFT_CHANGED,
                    "The draft is at revision " + space.revision + ", not at " + revision + ".");
        }
    }

    @Override
    public synchronized List<ReleaseView> releases(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        return List.copyOf(space(application, tenant, caller).releases);
    }

    @Override
    public synchronized List<ClientView> clients(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        long newest = space(application, tenant, caller).releases.size();
        if (newest == 0) {
            return List.of();
        }
        return List.of(
                new ClientView(application + "-0", newest, Instant.now(), Optional.empty()),
                new ClientView(application + "-1", Math.max(1, newest - 1), Instant.now(), Optional.empty()));
    }

    @Override
    public ReadAccess readAccess(AccessRequest request) {
        throw new UnsupportedOperationException("the console does not call this");
    }
}
