package io.switchboard.contracts.config;

import io.switchboard.contracts.identity.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/**
 * Who changed what, or was given what opens or holds configuration, and how it ended. No entry has a value or a secret. A tenant sees its
 * own entries; an operator all, or those of the one it names with {@code tenant}.
 */
@HttpExchange("/api/v1/config-audit")
public interface AuditApi {

    /**
     * The newest first. 409 where the center has no database to keep entries in.
     *
     * @param actor a user, or the id of an API key
     * @param action as in {@link AuditEntry#action}
     * @param outcome an {@link Outcome}
     * @param from the earliest
     * @param to not included
     * @param cursor what an earlier page gave as {@code next}
     * @param limit 1 to 200, 50 if absent
     */
    @GetExchange
    AuditPage entries(
            @RequestParam(required = false) @Nullable String application,
            @RequestParam(required = false) @Nullable String stage,
            @RequestParam(required = false) @Nullable String namespace,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** @param next absent on the last page */
    record AuditPage(List<AuditEntry> items, Optional<String> next) {

        public AuditPage {
            items = List.copyOf(items);
        }
    }

    /**
     * One call, or one thing that the center did by itself: then the actor is {@code config-center}, the request {@code -}, and there is no
     * status. What a call named in its body is not among it.
     *
     * @param sequence grows with time, but for what the center did by itself, which comes later
     * @param at when it began
     * @param tenant the caller's, or the one an operator named
     * @param actor whose work it is: by an API key of a user, that user
     * @param apiKey id of the user's API key by which it was made
     * @param action such as {@code release.publish}
     * @param object the freeze, schedule, canary, key or build that it named
     * @param status of the answer, absent as long as there is none, and if nothing was asked
     * @param code of the problem with which it was answered, or for which the center could not do it
     */
    record AuditEntry(
            long sequence,
            Instant at,
            Optional<String> tenant,
            String actor,
            Optional<String> apiKey,
            String requestId,
            String action,
            Optional<String> application,
            Optional<String> stage,
            Optional<String> namespace,
            Optional<String> object,
            Outcome outcome,
            Optional<Integer> status,
            Optional<String> code) {}

    /** How it ended. */
    enum Outcome {
        /** Its end isn't known yet. */
        BEGUN,
        /** It began more than ten minutes ago, and nothing was written of its end: whether it had its effect is to be looked at. */
        UNKNOWN,
        DONE,
        /** With a 4xx, or by the center itself; it had no effect, but for a restore, which may end in its midst. */
        REFUSED,
        /** With a 5xx; whether it had its effect is to be looked at. */
        FAILED
    }
}
