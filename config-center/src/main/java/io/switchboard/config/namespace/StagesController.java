package io.switchboard.config.namespace;

import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.contracts.config.StagesApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import jakarta.validation.Valid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class StagesController implements StagesApi {

    /** Looked at for one answer: each is a request to ZooKeeper. */
    private static final int NAMESPACES_AT_ONCE = 500;

    private static final int HITS_AT_ONCE = 200;
    private static final int AROUND = 60;

    private final NamespaceTree tree;
    private final Namespaces namespaces;
    private final DraftChanges drafts;

    StagesController(NamespaceTree tree, Namespaces namespaces, DraftChanges drafts) {
        this.tree = tree;
        this.namespaces = namespaces;
        this.drafts = drafts;
    }

    @Override
    public List<DraftDifference> compare(
            String application, String from, String to, @Nullable String tenant, @Nullable Caller caller) {
        var request = new CopyRequest(application, from, to, null, true, null);
        return drafts.preview(wishes(request, tenant, caller), Callers.author(caller));
    }

    @Override
    public List<DraftDifference> copy(@Valid CopyRequest request, @Nullable String tenant, @Nullable Caller caller) {
        return drafts.apply(wishes(request, tenant, caller), Callers.author(caller));
    }

    private SortedMap<NamespacePath, DraftChanges.Wish> wishes(
            CopyRequest request, @Nullable String tenant, @Nullable Caller caller) {
        NamespacePath from = Callers.stage(caller, tenant, request.application(), request.from());
        NamespacePath to = Callers.stage(caller, tenant, request.application(), request.to());
        List<String> names = namespaces.names(from);
        if (names.isEmpty()) {
            throw new Problem(RequestProblem.NOT_FOUND, "Stage '" + request.from() + "' has no namespace.");
        }
        SortedMap<NamespacePath, DraftChanges.Wish> wishes = new TreeMap<>();
        for (String name : Objects.requireNonNullElse(request.namespaces(), names)) {
            if (!names.contains(name)) {
                throw new Problem(RequestProblem.NOT_FOUND, "Stage '" + request.from() + "' has no such namespace.");
            }
            Content wanted = namespaces.read(from.sibling(name)).drafted();
            NamespacePath target = to.sibling(name);
            Items present = Boolean.TRUE.equals(request.remove())
                    ? namespaces.read(target).draft()
                    : Items.NONE;
            Long revision =
                    request.revisions() == null ? null : request.revisions().get(name);
            wishes.put(
                    target,
                    DraftChanges.Wish.of(
                            wanted.items().values(), wanted.comments().byKey(), present, revision));
        }
        return wishes;
    }

    @Override
    public SearchAnswer search(
            String text,
            @Nullable String application,
            @Nullable String stage,
            @Nullable String cursor,
            @Nullable String tenant,
            @Nullable Caller caller) {
        if (text.isEmpty()) {
            throw RequestProblem.invalid("text", "must not be empty");
        }
        String owner = Callers.tenant(caller, tenant);
        Optional<NamespacePath> after = Optional.ofNullable(cursor).map(given -> behind(owner, given));
        var scope = new NamespaceTree.Scope(owner, Optional.ofNullable(application), Optional.ofNullable(stage), after);
        List<NamespacePath> paths = tree.list(scope, NAMESPACES_AT_ONCE);
        List<SearchHit> hits = new ArrayList<>();
        for (NamespacePath path : paths) {
            hits.addAll(hits(path, text.toLowerCase(Locale.ROOT)));
            if (hits.size() >= HITS_AT_ONCE) {
                return new SearchAnswer(hits, Optional.of(cursor(path)));
            }
        }
        return new SearchAnswer(
                hits, paths.size() < NAMESPACES_AT_ONCE ? Optional.empty() : Optional.of(cursor(paths.getLast())));
    }

    private List<SearchHit> hits(NamespacePath path, String text) {
        NamespaceState state = namespaces.read(path);
        Content draft = state.drafted();
        Content released = state.inEffect();
        var keys = new TreeSet<>(draft.items().keys());
        keys.addAll(released.items().keys());
        Set<String> changed = draft.items().changedSince(released.items());
        List<SearchHit> hits = new ArrayList<>();
        for (String key : keys) {
            boolean drafted = isIn(draft, key, text);
            boolean live = isIn(released, key, text);
            if (drafted || live) {
                Content found = drafted ? draft : released;
                hits.add(new SearchHit(
                        path.application(),
                        path.stage(),
                        path.namespace(),
                        key,
                        shown(found.items(), key, text),
                        !drafted || !changed.contains(key),
                        !live ? SearchedIn.DRAFT : drafted ? SearchedIn.BOTH : SearchedIn.RELEASED,
                        Optional.ofNullable(found.comments().byKey().get(key))
                                .filter(comment -> at(comment, text) >= 0)
                                .map(comment -> excerpt(comment, at(comment, text)))));
            }
        }
        return hits;
    }

    private static boolean isIn(Content content, String key, String text) {
        return content.items().keys().contains(key)
                && (at(key, text) >= 0
                        || at(content.items().values().getOrDefault(key, ""), text) >= 0
                        || at(content.comments().byKey().getOrDefault(key, ""), text) >= 0);
    }

    private static int at(String value, String text) {
        return value.toLowerCase(Locale.ROOT).indexOf(text);
    }

    private static String shown(Items items, String key, String text) {
        String value = items.values().get(key);
        return value == null ? Views.shown(items, key).orElse("") : excerpt(value, Math.max(0, at(value, text)));
    }

    private static String excerpt(String value, int at) {
        // Never half a character: what goes over the wire is text.
        int start = value.offsetByCodePoints(0, value.codePointCount(0, Math.clamp(at - AROUND, 0, value.length())));
        int end = Math.min(value.length(), at + 2 * AROUND);
        end = end < value.length() && Character.isLowSurrogate(value.charAt(end)) ? end - 1 : end;
        return value.substring(Math.min(start, end), end);
    }

    private static String cursor(NamespacePath path) {
        return String.join("/", path.application(), path.stage(), path.namespace());
    }

    private static NamespacePath behind(String tenant, String cursor) {
        try {
            return NamespacePath.parse(tenant + "/" + cursor);
        } catch (IllegalArgumentException e) {
            throw RequestProblem.invalid("cursor", "must be that of the answer before");
        }
    }

    @Override
    public List<DraftDifference> replace(
            @Valid ReplaceRequest request, @Nullable String tenant, @Nullable Caller caller) {
        String owner = Callers.tenant(caller, tenant);
        SortedMap<NamespacePath, @Nullable Long> revisions = new TreeMap<>();
        if (request.revisions() == null) {
            var scope = new NamespaceTree.Scope(
                    owner,
                    Optional.ofNullable(request.application()),
                    Optional.ofNullable(request.stage()),
                    Optional.empty());
            List<NamespacePath> paths = tree.list(scope, NAMESPACES_AT_ONCE);
            if (paths.size() == NAMESPACES_AT_ONCE) {
                throw new Problem(
                        ConfigProblem.TOO_MANY_NAMESPACES,
                        "There are more than " + NAMESPACES_AT_ONCE + " namespaces.");
            }
            paths.forEach(path -> revisions.put(path, null));
        } else {
            request.revisions().forEach((name, revision) -> revisions.put(named(owner, name), revision));
        }
        SortedMap<NamespacePath, DraftChanges.Wish> wishes = new TreeMap<>();
        revisions.forEach((path, revision) -> wishes.put(
                path, new DraftChanges.Wish(replaced(namespaces.read(path).draft(), request), Map.of(), revision)));
        return request.revisions() == null
                ? drafts.preview(wishes, Callers.author(caller))
                : drafts.apply(wishes, Callers.author(caller));
    }

    private static NamespacePath named(String tenant, String name) {
        try {
            return NamespacePath.parse(tenant + "/" + name);
        } catch (IllegalArgumentException e) {
            throw RequestProblem.invalid("revisions", "must have keys like 'hotline/prod/application'");
        }
    }

    private static Map<String, @Nullable String> replaced(Items items, ReplaceRequest request) {
        Map<String, @Nullable String> changes = new HashMap<>();
        items.values().forEach((key, value) -> {
            if (value.contains(request.find())) {
                changes.put(key, value.replace(request.find(), request.replace()));
            }
        });
        return changes;
    }
}
