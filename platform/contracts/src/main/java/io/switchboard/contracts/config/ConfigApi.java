package io.switchboard.contracts.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.switchboard.contracts.identity.Caller;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * Namespaces, their drafts and releases. The tenant is the caller's; an operator names it with {@code tenant}. An
 * application is called like the instance that runs it. {@link Caller} parameters come from the access token; a
 * client passes {@code null}.
 */
@HttpExchange
public interface ConfigApi {

    String STAGE = "/api/v1/config/{application}/{stage}";
    String NAMESPACE = STAGE + "/{namespace}";

    /** The namespaces that were ever written to, by name. */
    @GetExchange(STAGE)
    List<NamespaceSummary> namespaces(
            @PathVariable String application,
            @PathVariable String stage,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Makes the drafts of several namespaces their next releases in one step: 201. Clients that read several of them take
     * them over together. 409 as with one; then nothing was published.
     */
    @PostExchange(STAGE + "/releases")
    ResponseEntity<List<NamespaceRelease>> publishTogether(
            @PathVariable String application,
            @PathVariable String stage,
            @RequestBody PublishTogetherRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Makes releases of what earlier ones held, in several namespaces and in one step: 201. As with one; 409 if that can't be done in one of
     * them, and then it is done in none. Drafts stay as they are: what was taken back is among the {@code changes} of each.
     */
    @PostExchange(STAGE + "/rollbacks")
    ResponseEntity<List<NamespaceView>> rollBackTogether(
            @PathVariable String application,
            @PathVariable String stage,
            @RequestBody RollbackTogetherRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    @GetExchange(NAMESPACE)
    NamespaceView namespace(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** Changes the draft: each key gets its value, a key with {@code null} is taken out. Publishes nothing. */
    @PutExchange(NAMESPACE + "/draft/items")
    NamespaceView putItems(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestBody ItemsRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Makes the draft the next release: 201. 409 if the draft's revision is another, nothing would change, a review is missing, a
     * canary runs, a rollback took back what would be published, or it doesn't fit the application ({@link ValidationApi}).
     */
    @PostExchange(NAMESPACE + "/releases")
    ResponseEntity<ReleaseView> publish(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestBody PublishRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Makes a release of what an earlier one held: 201. The draft stays as it is unless it is to be discarded; what was wrong then
     * shows as a pending change that is not published by mistake. A canary of the namespace is abandoned in the same step. 409 if another release is in effect than named.
     */
    @PostExchange(NAMESPACE + "/rollbacks")
    ResponseEntity<NamespaceView> rollBack(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestBody RollbackRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** What a release holds. 404 if it isn't kept any more. */
    @GetExchange(NAMESPACE + "/releases/{number}")
    ReleaseContent release(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @PathVariable long number,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * What changes between two points, by key: a release's number, {@code draft}, {@code current} (the release in effect) or
     * {@code empty}.
     *
     * @param from {@code current} if absent
     * @param to {@code draft} if absent
     * @param lines whether to compare values line by line too
     */
    @GetExchange(NAMESPACE + "/diff")
    List<Change> diff(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "false") boolean lines,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** Releases, newest first. */
    @GetExchange(NAMESPACE + "/releases")
    List<ReleaseView> releases(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** Which clients run which release, as they reported it. */
    @GetExchange(NAMESPACE + "/clients")
    List<ClientView> clients(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** What a task reads its configuration with; the same answer for the same workload every time; services only. */
    @PostExchange("/internal/v1/config/access")
    ReadAccess readAccess(@RequestBody AccessRequest request);

    /**
     * @param revision of the draft; give it back when publishing
     * @param items the draft, ordered by key
     * @param released what clients read now, ordered by key
     * @param changes draft against release, ordered by key
     * @param format as the namespace's name says; all but {@code PROPERTIES} have one item, {@code content}
     * @param comments of items of the draft, encrypted ones too, ordered by key; absent if there are none
     * @param releasedComments of what clients read; clients don't read them
     */
    record NamespaceView(
            String tenant,
            String application,
            String stage,
            String namespace,
            long revision,
            Map<String, String> items,
            Map<String, String> released,
            Optional<ReleaseView> release,
            List<Change> changes,
            Format format,
            Optional<Map<String, String>> comments,
            Optional<Map<String, String>> releasedComments) {

        public NamespaceView {
            items = byKey(items);
            released = byKey(released);
            changes = List.copyOf(changes);
            comments = comments.map(ConfigApi::byKey);
            releasedComments = releasedComments.map(ConfigApi::byKey);
        }
    }

    /** What a namespace holds: items if its name has no ending, else the document that {@code .yaml}, {@code .json} or {@code .txt} say. */
    enum Format {
        PROPERTIES,
        YAML,
        JSON,
        TEXT
    }

    /**
     * @param before absent for an added key
     * @param after absent for a removed one
     * @param lines both values line by line; absent if not asked for
     * @param encrypted true if the item is or was encrypted: in place of an encrypted value stands who set it and when; absent
     *     if it is plain
     * @param comment absent if that stays as it is
     */
    record Change(
            String key,
            Optional<String> before,
            Optional<String> after,
            Optional<List<Line>> lines,
            Optional<Boolean> encrypted,
            Optional<CommentChange> comment) {

        public Change(String key, Optional<String> before, Optional<String> after) {
            this(key, before, after, Optional.empty(), Optional.empty(), Optional.empty());
        }

        public Change with(List<Line> compared) {
            return new Change(key, before, after, Optional.of(compared), encrypted, comment);
        }
    }

    /**
     * @param before absent if there was none
     * @param after absent if it is taken away
     */
    record CommentChange(Optional<String> before, Optional<String> after) {}

    record Line(LineKind kind, String text) {}

    enum LineKind {
        SAME,
        REMOVED,
        ADDED
    }

    /**
     * @param revision the draft's revision this was based on; absent to overwrite whatever is there
     * @param comments of items that the draft has with this, encrypted ones too: at most 1,000 characters, no control characters
     *     but line feeds; {@code null} takes one away, and items that are not named keep theirs
     */
    record ItemsRequest(
            @NotNull @JsonInclude(content = JsonInclude.Include.ALWAYS)
            Map<String, @Nullable String> items,

            @Nullable Long revision,

            @Nullable @JsonInclude(value = JsonInclude.Include.NON_NULL, content = JsonInclude.Include.ALWAYS)
            Map<String, @Nullable String> comments) {}

    /**
     * @param again whether to publish also what the release in effect, a rollback, took back; no if absent
     * @param override why a freeze is not heeded; absent to heed it
     * @param accept why what the check finds wrong is right; absent to heed it
     * @param only keys whose changes are published, while all others wait on in the draft; absent to publish them all
     */
    record PublishRequest(
            @Size(max = 500) @Nullable String message,
            @NotNull Long revision,
            @Nullable Boolean again,
            @Size(max = 500) @Nullable String override,
            @Size(max = 500) @Nullable String accept,

            @Size(min = 1, max = 1_000, message = "must name 1 to 1000 keys, or be absent for all") @Nullable
            Set<String> only) {}

    /**
     * @param revisions what the draft of each namespace must be at, by the namespace's name
     * @param again as with one namespace
     * @param override as with one namespace
     * @param accept as with one namespace
     */
    record PublishTogetherRequest(
            @Size(max = 500) @Nullable String message,

            @NotNull @Size(min = 1, max = 100, message = "must name 1 to 100 namespaces")
            Map<String, @NotNull Long> revisions,

            @Nullable Boolean again,
            @Size(max = 500) @Nullable String override,
            @Size(max = 500) @Nullable String accept) {}

    /**
     * @param from the release that is in effect
     * @param to the earlier one
     * @param discard the draft's revision, to put the draft back too; absent to leave it as it is
     * @param override as with {@link PublishRequest}
     */
    record RollbackRequest(
            @NotNull Long from,
            @NotNull Long to,
            @Size(max = 500) @Nullable String message,
            @Nullable Long discard,
            @Size(max = 500) @Nullable String override) {}

    /**
     * @param namespaces each with its way back, by its name
     * @param override as with {@link PublishRequest}
     */
    record RollbackTogetherRequest(
            @Size(max = 500) @Nullable String message,

            @NotNull @Size(min = 1, max = 100, message = "must name 1 to 100 namespaces")
            Map<String, @NotNull @Valid RollbackWay> namespaces,

            @Size(max = 500) @Nullable String override) {}

    /**
     * @param from the release that is in effect
     * @param to the earlier one
     */
    record RollbackWay(@NotNull Long from, @NotNull Long to) {}

    /**
     * @param restores the earlier release whose items these are again; absent if it is no rollback
     * @param canary absent if it is or was in effect for all
     */
    record ReleaseView(
            long number,
            String author,
            String message,
            Instant at,
            String contentHash,
            Optional<Long> restores,
            Optional<CanaryMark> canary) {

        public ReleaseView(
                long number, String author, String message, Instant at, String contentHash, Optional<Long> restores) {
            this(number, author, message, at, contentHash, restores, Optional.empty());
        }

        public ReleaseView with(CanaryMark mark) {
            return new ReleaseView(number, author, message, at, contentHash, restores, Optional.of(mark));
        }
    }

    /** What a release is that only some clients got. */
    enum CanaryMark {
        RUNNING,
        ABANDONED
    }

    record NamespaceRelease(String namespace, ReleaseView release) {}

    /**
     * @param items ordered by key
     * @param comments ordered by key; absent if there are none, or none any more as with earlier releases
     */
    record ReleaseContent(ReleaseView release, Map<String, String> items, Optional<Map<String, String>> comments) {

        public ReleaseContent {
            items = byKey(items);
            comments = comments.map(ConfigApi::byKey);
        }
    }

    /**
     * @param release in effect, absent if there is none
     * @param pending how many keys the draft changes
     */
    record NamespaceSummary(String namespace, Optional<ReleaseView> release, int pending, Format format) {}

    /**
     * @param problem why the client could not take over the release, absent if it did
     * @param lateSince when it should have run the release in effect at the latest, absent if it does or still has time
     * @param labels by which canaries choose it; absent for a client that takes none
     * @param canary the one that it is chosen for, absent if there is none
     */
    record ClientView(
            String client,
            long release,
            Instant since,
            Optional<String> problem,
            Optional<Instant> lateSince,
            Optional<Map<String, String>> labels,
            Optional<String> canary) {

        public ClientView(String client, long release, Instant since, Optional<String> problem) {
            this(client, release, since, problem, Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /** @param workload whose tasks read with it; absent to get the newest reader key */
    record AccessRequest(
            String tenant,
            String application,
            String stage,
            @Nullable String workload) {}

    /**
     * @param environment what the starter inside a task reads, as environment variables ordered by name; holds a
     *     secret
     */
    record ReadAccess(Map<String, String> environment) {

        public ReadAccess {
            environment = byKey(environment);
        }

        @Override
        public String toString() {
            return "ReadAccess" + environment.keySet();
        }
    }

    /** {@link Map#copyOf} would give another order in each process: nobody could compare two answers. */
    private static Map<String, String> byKey(Map<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(map)));
    }
}
