package io.switchboard.contracts.config;

import io.switchboard.contracts.identity.Caller;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * Who may publish in a stage, and the look that another user takes at a draft before. Parameters as with
 * {@link ConfigApi}.
 */
@HttpExchange
public interface ReviewApi {

    /** Beside the namespaces, not among them: one of them may be called like anything. */
    String RULES = "/api/v1/config-rules/{application}/{stage}";

    String REVIEW = ConfigApi.NAMESPACE + "/review";

    /** A stage that has no rules yet restricts nothing. */
    @GetExchange(RULES)
    StageRulesView rules(
            @PathVariable String application,
            @PathVariable String stage,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Sets all rules of the stage; the same call twice changes nothing. The tenant may as long as nothing is restricted,
     * afterwards only an operator: 403. 409 if the rules are at another version than a given one.
     */
    @PutExchange(RULES)
    StageRulesView putRules(
            @PathVariable String application,
            @PathVariable String stage,
            @RequestBody StageRulesRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** How far the draft is on its way to a release, and what the caller may do about it. */
    @GetExchange(REVIEW)
    ReviewView review(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Asks for the review of the draft as it is at that revision; a change of the draft afterwards needs another one. The same
     * call twice changes nothing. 409 if the draft is at another revision, changes nothing, or was rejected.
     */
    @PutExchange(REVIEW)
    ReviewView submit(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestBody SubmitRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Approves or rejects what was submitted; who decided may decide otherwise until it is published. 403 for who may not
     * publish, who submitted the draft, or whose change is in it. 409 if the draft is at another revision, was not submitted, or
     * somebody else decided.
     */
    @PutExchange(REVIEW + "/decision")
    ReviewView decide(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String namespace,
            @RequestBody DecisionRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * @param version counts the changes of these rules, 0 before the first
     * @param review whether a draft needs another user's approval before it is published
     * @param publishers names of users and ids of API keys that may publish, roll back and decide, ordered; empty for
     *     everybody of the tenant
     */
    record StageRulesView(long version, boolean review, List<String> publishers) {

        public StageRulesView {
            publishers = List.copyOf(publishers);
        }
    }

    /** @param version what the rules must be at, absent for whatever they are at */
    record StageRulesRequest(
            @NotNull Boolean review,

            @NotNull @Size(max = 100, message = "must name at most 100 users")
            List<@NotBlank @Size(max = 100) String> publishers,

            @Nullable Long version) {}

    enum ReviewState {
        /** Nobody asked for a review of the draft as it is. */
        NONE,
        SUBMITTED,
        APPROVED,
        REJECTED
    }

    /**
     * @param required whether the stage's rules ask for an approval
     * @param revision of the draft
     * @param authors who last changed each key that the draft changes, ordered by key; of a value that waits it is who gave it,
     *     whoever commented it later; a key is missing if that isn't known
     * @param submission absent if the state is {@code NONE}
     * @param decision absent if nobody decided
     * @param mayPublish whether the caller may publish in this stage, once that is approved
     * @param mayDecide whether the caller may approve or reject now
     */
    record ReviewView(
            boolean required,
            long revision,
            ReviewState state,
            Map<String, String> authors,
            Optional<Submission> submission,
            Optional<Decision> decision,
            boolean mayPublish,
            boolean mayDecide) {

        public ReviewView {
            authors = Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(authors)));
        }
    }

    record Submission(String by, Instant at, String message) {}

    record Decision(String by, Instant at, boolean approved, String message) {}

    record SubmitRequest(
            @NotNull Long revision,
            @Size(max = 500) @Nullable String message) {}

    record DecisionRequest(
            @NotNull Long revision,
            @NotNull Boolean approved,
            @Size(max = 500) @Nullable String message) {}
}
