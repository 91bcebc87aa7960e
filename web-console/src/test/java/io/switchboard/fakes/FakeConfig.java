package io.switchboard.fakes;

import io.switchboard.contracts.config.ConfigApi;
import io.switchboard.contracts.config.FreezeApi.FreezeView;
import io.switchboard.contracts.config.HistoryApi;
import io.switchboard.contracts.config.StagesApi.SearchHit;
import io.switchboard.contracts.config.StagesApi.SearchedIn;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Namespaces in memory; a release reaches one client at once and leaves another behind. */
@RestController
public class FakeConfig implements ConfigApi, HistoryApi {

    private final Map<Place, Space> spaces = new HashMap<>();
    private final FakeValidation validation;

    FakeConfig(FakeValidation validation) {
        this.validation = validation;
    }

    private static final class Space {
        /** 0 as long as nobody wrote to it. */
        long revision = 0;

        final Map<String, String> items = new TreeMap<>();
        final Map<String, String> comments = new TreeMap<>();
        final TreeSet<String> encrypted = new TreeSet<>();
        Map<String, String> released = Map.of();
        Map<String, String> releasedComments = Map.of();
        final List<ReleaseView> releases = new ArrayList<>();
        final Map<Long, Map<String, String>> contents = new HashMap<>();

        @Nullable
        FreezeView freeze;
    }

    /** Gives an application a published item, as if it had been configured before. */
    public synchronized void publish(String tenant, String application, Map<String, String> items) {
        publish(tenant, application, "prod", "application", items);
    }

    public synchronized void publish(
            String tenant, String application, String stage, String namespace, Map<String, String> items) {
        Space space = space(tenant, application, stage, namespace);
        space.items.putAll(items);
        release(space, space.items, "setup", "First settings", Optional.empty());
    }

    /** As if an operator had frozen the stage for the application. */
    public synchronized void freeze(String tenant, String application, String reason) {
        Instant now = Instant.now();
        main(tenant, application).freeze =
                new FreezeView("peak", now, now.plusSeconds(3_600), reason, Optional.of(application), "olga");
    }

    /** Changes the draft behind the console's back. */
    public synchronized void somebodyElseSets(String tenant, String application, String key, String value) {
        Space space = main(tenant, application);
        space.items.put(key, value);
        space.revision++;
    }

    public synchronized void somebodyElseSays(String tenant, String application, String key, String comment) {
        Space space = main(tenant, application);
        space.comments.put(key, comment);
        space.revision++;
    }

    /** As if somebody had given an item that is encrypted another value. */
    public synchronized void somebodyElseEncrypts(String tenant, String application, String key) {
        main(tenant, application).encrypted.add(key);
    }

    /** Which namespace, where there are those of all tenants. */
    record Place(String tenant, String application, String stage, String namespace) {}

    /** What was written to, by name. */
    synchronized Map<Place, Map<String, String>> drafts(String tenant) {
        Map<Place, Map<String, String>> drafts = new LinkedHashMap<>();
        spaces.entrySet().stream()
                .filter(one -> one.getKey().tenant().equals(tenant) && one.getValue().revision > 0)
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(Place::toString)))
                .forEach(one -> drafts.put(one.getKey(), Map.copyOf(one.getValue().items)));
        return drafts;
    }

    /** Items with the text in their value or comment, of drafts and of what clients read. */
    synchronized List<SearchHit> found(String tenant, String text) {
        List<SearchHit> hits = new ArrayList<>();
        drafts(tenant).keySet().forEach(place -> {
            Space space = space(place);
            Set<String> keys = new TreeSet<>(space.items.keySet());
            keys.addAll(space.released.keySet());
            keys.forEach(key -> {
                boolean inDraft = has(text, key, space.items, space.comments);
                boolean inReleased = has(text, key, space.released, space.releasedComments);
                if (inDraft || inReleased) {
                    Map<String, String> comments = inDraft ? space.comments : space.releasedComments;
                    hits.add(new SearchHit(
                            place.application(),
                            place.stage(),
                            place.namespace(),
                            key,
                            String.valueOf((inDraft ? space.items : space.released).get(key)),
                            Objects.equals(space.items.get(key), space.released.get(key)),
                            inDraft && inReleased ? SearchedIn.BOTH : inDraft ? SearchedIn.DRAFT : SearchedIn.RELEASED,
                            Optional.ofNullable(comments.get(key)).filter(comment -> comment.contains(text))));
                }
            });
        });
        return hits;
    }

    private static boolean has(String text, String key, Map<String, String> items, Map<String, String> comments) {
        return items.getOrDefault(key, "").contains(text)
                || comments.getOrDefault(key, "").contains(text);
    }

    synchronized List<Change> replaced(Place place, String find, String replace, boolean forGood) {
        Space space = space(place);
        Map<String, String> after = new TreeMap<>(space.items);
        after.replaceAll((key, value) -> value.replace(find, replace));
        List<Change> changes =
                changes(space.items, after).stream().map(FakeConfig::withLines).toList();
        if (forGood) {
            space.items.putAll(after);
        }
        return changes;
    }

    synchronized void forget(String tenant, String application) {
        spaces.keySet()
                .removeIf(place ->
                        place.tenant().equals(tenant) && place.application().equals(application));
    }

    private Space space(Place place) {
        return spaces.computeIfAbsent(place, name -> new Space());
    }

    private Space space(String tenant, String application, String stage, String namespace) {
        return space(new Place(tenant, application, stage, namespace));
    }

    private Space main(String tenant, String application) {
        return space(tenant, application, "prod", "application");
    }

    private Space space(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        return space(tenant(tenant, caller), application, stage, namespace);
    }

    private static String tenant(@Nullable String tenant, @Nullable Caller caller) {
        return FakeOrders.signedIn(caller).tenant().orElseGet(() -> String.valueOf(tenant));
    }

    @Override
    public synchronized NamespaceView namespace(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        Space space = space(application, stage, namespace, tenant, caller);
        return new NamespaceView(
                "acme",
                application,
                stage,
                namespace,
                space.revision,
                space.items,
                space.released,
                space.releases.stream().findFirst(),
                changes(space),
                format(namespace),
                Optional.of(space.comments),
                Optional.of(space.releasedComments));
    }

    private static Format format(String namespace) {
        return namespace.endsWith(".yaml") ? Format.YAML : Format.PROPERTIES;
    }

    private static List<Change> changes(Space space) {
        List<Change> changes = new ArrayList<>(changes(space.released, space.items));
        Set<String> keys = new TreeSet<>(space.comments.keySet());
        keys.addAll(space.releasedComments.keySet());
        keys.removeIf(key -> Objects.equals(space.comments.get(key), space.releasedComments.get(key))
                || !space.items.containsKey(key));
        keys.forEach(key -> {
            Optional<String> before = Optional.ofNullable(space.released.get(key));
            Optional<String> after = Optional.ofNullable(space.items.get(key));
            changes.removeIf(change -> change.key().equals(key));
            changes.add(new Change(
                    key,
                    before,
                    after,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new CommentChange(
                            Optional.ofNullable(space.releasedComments.get(key)),
                            Optional.ofNullable(space.comments.get(key))))));
        });
        space.encrypted.forEach(key -> changes.add(new Change(
                key,
                Optional.of("(encrypted, before)"),
                Optional.of("(encrypted, after)"),
                Optional.empty(),
                Optional.of(true),
                Optional.empty())));
        return changes;
    }

    private static List<Change> changes(Map<String, String> before, Map<String, String> after) {
        TreeSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        return keys.stream()
                .map(key -> new Change(key, Optional.ofNullable(before.get(key)), Optional.ofNullable(after.get(key))))
                .filter(change -> !change.before().equals(change.after()))
                .toList();
    }

    @Override
    public synchronized NamespaceView putItems(
            String application,
            String stage,
            String namespace,
            @RequestBody ItemsRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        Space space = space(application, stage, namespace, tenant, caller);
        checkRevision(request.revision(), space);
        request.items().forEach((key, value) -> {
            if (value == null) {
                space.items.remove(key);
            } else {
                space.items.put(key, value);
            }
        });
        if (request.comments() != null) {
            request.comments().forEach((key, comment) -> {
                if (comment == null) {
                    space.comments.remove(key);
                } else {
                    space.comments.put(key, comment);
                }
            });
        }
        space.comments.keySet().retainAll(space.items.keySet());
        space.revision++;
        return namespace(application, stage, namespace, tenant, caller);
    }

    synchronized void checkFreeze(
            String application, String stage, String namespace, @Nullable String override, @Nullable Caller caller) {
        checkFreeze(space(application, stage, namespace, null, caller), override);
    }

    private static void checkFreeze(Space space, @Nullable String override) {
        if (space.freeze != null && (override == null || override.isBlank())) {
            throw new Problem(FakeProblem.FROZEN, "The stage is frozen.");
        }
    }

    void checkFit(String application, @Nullable String accept) {
        if (validation.hasErrors(application) && (accept == null || accept.isBlank())) {
            throw new Problem(FakeProblem.DRAFT_UNFIT, "The draft does not fit.");
        }
    }

    @Override
    public synchronized ResponseEntity<ReleaseView> publish(
            String application,
            String stage,
            String namespace,
            @RequestBody PublishRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        Space space = space(application, stage, namespace, tenant, caller);
        checkRevision(request.revision(), space);
        if (changes(space).isEmpty()) {
            throw new Problem(FakeProblem.NOTHING_TO_PUBLISH, "The draft holds what is released.");
        }
        checkFreeze(space, request.override());
        checkFit(application, request.accept());
        if (draft(application, stage, namespace, tenant, caller).takenBackBy().isPresent()
                && !Boolean.TRUE.equals(request.again())) {
            throw new Problem(FakeProblem.TAKEN_BACK, "The release in effect took it back.");
        }
        String message = request.message() == null ? "" : request.message();
        return ResponseEntity.status(201)
                .body(release(
                        space,
                        part(space, request.only()),
                        FakeOrders.signedIn(caller).subject(),
                        message,
                        Optional.empty()));
    }

    private static Map<String, String> part(Space space, @Nullable Set<String> only) {
        if (only == null) {
            return space.items;
        }
        Map<String, String> part = new TreeMap<>(space.released);
        only.forEach(key -> {
            part.remove(key);
            if (space.items.containsKey(key)) {
                part.put(key, space.items.get(key));
            }
        });
        return part;
    }

    @Override
    public synchronized ResponseEntity<NamespaceView> rollBack(
            String application,
            String stage,
            String namespace,
            @RequestBody RollbackRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        Space space = space(application, stage, namespace, tenant, caller);
        if (request.from() != space.releases.size()) {
            throw new Problem(FakeProblem.STALE_REVISION, "Another release is in effect.");
        }
        String message = request.message() == null ? "" : request.message();
        if (request.discard() != null) {
            space.items.clear();
            space.items.putAll(space.contents.getOrDefault(request.to(), Map.of()));
        }
        release(
                space,
                space.contents.getOrDefault(request.to(), Map.of()),
                FakeOrders.signedIn(caller).subject(),
                message,
                Optional.of(request.to()));
        return ResponseEntity.status(201).body(namespace(application, stage, namespace, tenant, caller));
    }

    @Override
    public synchronized List<NamespaceSummary> namespaces(
            String application, String stage, @Nullable String tenant, @Nullable Caller caller) {
        return drafts(tenant(tenant, caller)).keySet().stream()
                .filter(place ->
                        place.application().equals(application) && place.stage().equals(stage))
                .map(place -> summary(place.namespace(), space(place)))
                .toList();
    }

    private static NamespaceSummary summary(String namespace, Space space) {
        return new NamespaceSummary(
                namespace, space.releases.stream().findFirst(), changes(space).size(), format(namespace));
    }

    @Override
    public ResponseEntity<List<NamespaceRelease>> publishTogether(
            String application,
            String stage,
            PublishTogetherRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        throw new UnsupportedOperationException("the console does not call this");
    }

    @Override
    public ResponseEntity<List<NamespaceView>> rollBackTogether(
            String application,
            String stage,
            RollbackTogetherRequest request,
            @Nullable String tenant,
            @Nullable Caller caller) {
        throw new UnsupportedOperationException("the console does not call this");
    }

    @Override
    public ReleaseContent release(
            String application,
            String stage,
            String namespace,
            long number,
            @Nullable String tenant,
            @Nullable Caller caller) {
        throw new UnsupportedOperationException("the console does not call this");
    }

    @Override
    public synchronized List<Change> diff(
            String application,
            String stage,
            String namespace,
            @Nullable String from,
            @Nullable String to,
            boolean lines,
            @Nullable String tenant,
            @Nullable Caller caller) {
        Space space = space(application, stage, namespace, tenant, caller);
        return changes(point(space, String.valueOf(from)), point(space, String.valueOf(to))).stream()
                .map(FakeConfig::withLines)
                .toList();
    }

    private static Map<String, String> point(Space space, String point) {
        return switch (point) {
            case "draft" -> space.items;
            case "current" -> space.released;
            case "empty" -> Map.of();
            default -> space.contents.getOrDefault(Long.valueOf(point), Map.of());
        };
    }

    /** All of the old lines, then all of the new ones. */
    private static Change withLines(Change change) {
        List<Line> lines = new ArrayList<>();
        change.before().ifPresent(text -> text.lines().forEach(line -> lines.add(new Line(LineKind.REMOVED, line))));
        change.after().ifPresent(text -> text.lines().forEach(line -> lines.add(new Line(LineKind.ADDED, line))));
        return change.with(lines);
    }

    @Override
    public List<ReleaseView> earlier(
            String application,
            String stage,
            String namespace,
            long before,
            @Nullable String tenant,
            @Nullable Caller caller) {
        throw new UnsupportedOperationException("the console does not call this");
    }

    @Override
    public synchronized DraftView draft(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        Space space = space(application, stage, namespace, tenant, caller);
        Optional<ReleaseView> rollback = space.releases.stream()
                .findFirst()
                .filter(release -> release.restores().isPresent());
        return new DraftView(
                space.revision,
                changes(space).stream()
                        .filter(change -> change.encrypted().isEmpty())
                        .map(change -> new PendingChange(withLines(change), Optional.of("ada"), rollback.isPresent()))
                        .toList(),
                rollback.filter(release -> !space.items.equals(space.released)),
                Optional.ofNullable(space.freeze));
    }

    @Override
    public synchronized List<ItemOrigin> blame(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        Space space = space(application, stage, namespace, tenant, caller);
        return space.released.keySet().stream()
                .sorted()
                .map(key -> new ItemOrigin(key, space.releases.getFirst(), false, Optional.empty()))
                .toList();
    }

    private static ReleaseView release(
            Space space, Map<String, String> items, String author, String message, Optional<Long> restores) {
        space.released = Map.copyOf(items);
        space.releasedComments = Map.copyOf(space.comments);
        long number = space.releases.size() + 1;
        ReleaseView release =
                new ReleaseView(number, author, message, Instant.now(), "sha256:" + space.revision, restores);
        space.releases.addFirst(release);
        space.contents.put(number, space.released);
        space.revision++;
        return release;
    }

    private static void checkRevision(@Nullable Long revision, Space space) {
        if (revision != null && revision != space.revision) {
            throw new Problem(
                    FakeProblem.STALE_REVISION,
                    "The draft is at revision " + space.revision + ", not at " + revision + ".");
        }
    }

    @Override
    public synchronized List<ReleaseView> releases(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        return List.copyOf(space(application, stage, namespace, tenant, caller).releases);
    }

    @Override
    public synchronized List<ClientView> clients(
            String application, String stage, String namespace, @Nullable String tenant, @Nullable Caller caller) {
        long newest =
                space(application, stage, namespace, tenant, caller).releases.size();
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
