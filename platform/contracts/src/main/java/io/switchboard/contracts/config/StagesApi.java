package io.switchboard.contracts.config;

import io.switchboard.contracts.config.ConfigApi.Change;
import io.switchboard.contracts.identity.Caller;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * From one stage of an application to the next, and everywhere at once. Encrypted items are not among it, but that a search finds
 * them by their keys.
 */
@HttpExchange
public interface StagesApi {

    /**
     * What makes the drafts of one stage those of another, by namespace; those that are the same are left out. 404 for a stage
     * that has no namespace.
     *
     * @param from the stage that is copied from
     * @param to the stage that would change
     */
    @GetExchange("/api/v1/config-copies")
    List<DraftDifference> compare(
            @RequestParam String application,
            @RequestParam String from,
            @RequestParam String to,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Makes drafts of one stage those of another, all in one step; publishes nothing. The same call twice changes nothing. 409 if a
     * draft is at another revision than a given one.
     */
    @PostExchange("/api/v1/config-copies")
    List<DraftDifference> copy(
            @RequestBody CopyRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Items whose key, value or comment holds a text, in the drafts and the releases in effect of all applications. Of encrypted
     * items values are never looked at.
     *
     * @param text to be found as it is, capital and small letters alike
     * @param application only its namespaces
     * @param stage only that stage's
     * @param cursor of the answer before, to go on behind it
     */
    @GetExchange("/api/v1/config-search")
    SearchAnswer search(
            @RequestParam String text,
            @RequestParam(required = false) @Nullable String application,
            @RequestParam(required = false) @Nullable String stage,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Replaces a text in values of drafts, all in one step. Without {@code revisions} nothing changes, and the answer tells what
     * would; given back the revisions of that answer, exactly that happens, or 409 and nothing.
     */
    @PostExchange("/api/v1/config-replacements")
    List<DraftDifference> replace(
            @RequestBody ReplaceRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * @param revision of the draft that changes, or has changed
     * @param changes of that draft, ordered by key, line by line
     */
    record DraftDifference(String application, String stage, String namespace, long revision, List<Change> changes) {

        public DraftDifference {
            changes = List.copyOf(changes);
        }
    }

    /**
     * @param namespaces that are copied, all if absent
     * @param remove whether keys that the one stage doesn't have are taken out of the other; no if absent
     * @param revisions what drafts of the other stage must be at, by namespace; absent for whatever they are at
     */
    record CopyRequest(
            @NotBlank String application,
            @NotBlank String from,
            @NotBlank String to,

            @Nullable @Size(min = 1, max = 100, message = "must name 1 to 100 namespaces, or be absent for all")
            List<@NotBlank String> namespaces,

            @Nullable Boolean remove,

            @Nullable @Size(max = 100, message = "must name at most 100 namespaces")
            Map<String, @NotNull Long> revisions) {}

    /** Where a text is. */
    enum SearchedIn {
        DRAFT,
        RELEASED,
        BOTH
    }

    /**
     * @param excerpt of the value, around the text; of the draft's if it is in both. In place of an encrypted one, who set it and when
     * @param released whether clients read the same value
     * @param in which of the two the text was found
     * @param comment an excerpt of the item's comment, around the text; absent if it isn't there
     */
    record SearchHit(
            String application,
            String stage,
            String namespace,
            String key,
            String excerpt,
            boolean released,
            SearchedIn in,
            Optional<String> comment) {}

    /** @param cursor absent if everything was looked at */
    record SearchAnswer(List<SearchHit> hits, Optional<String> cursor) {

        public SearchAnswer {
            hits = List.copyOf(hits);
        }
    }

    /**
     * @param find as it is
     * @param application only its namespaces, all if absent
     * @param stage only that stage's, all if absent
     * @param revisions of the drafts to change, by application, stage and namespace as in {@code hotline/prod/application}
     */
    record ReplaceRequest(
            @NotBlank @Size(max = 1_000) String find,
            @NotNull @Size(max = 1_000) String replace,
            @Nullable String application,
            @Nullable String stage,

            @Nullable @Size(min = 1, max = 200, message = "must name 1 to 200 namespaces")
            Map<String, @NotNull Long> revisions) {}
}
