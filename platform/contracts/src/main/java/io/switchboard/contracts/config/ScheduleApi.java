package io.switchboard.contracts.config;

import io.switchboard.contracts.identity.Caller;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/** Releases to be made later. Parameters as with {@link ConfigApi}. */
@HttpExchange("/api/v1/config-schedules/{application}/{stage}")
public interface ScheduleApi {

    /** What waits, the next first, then what is over, the last first. */
    @GetExchange
    List<ScheduledView> scheduled(
            @PathVariable String application,
            @PathVariable String stage,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Has drafts published at a time, all in one step, under a name that the caller chooses; the same call twice is one
     * release. They are published as they are now: a change of a draft until then keeps all of them from it. What publishing
     * needs, for example an approval, is asked for at that time. 409 for a name that stands for something else.
     */
    @PutExchange("/{id}")
    ScheduledView schedule(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String id,
            @RequestBody ScheduleRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** Cancels it; the same call twice changes nothing. 409 once it is over. */
    @DeleteExchange("/{id}")
    ScheduledView cancel(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    enum ScheduleState {
        WAITING,
        RELEASED,
        /** It was not published; {@code problem} says why. */
        FAILED,
        CANCELLED
    }

    /**
     * @param revisions of the drafts, by namespace; they grow where a draft's encrypted items are sealed with a new data key
     * @param by who publishes
     * @param endedAt when it was released, failed or cancelled
     * @param problem why it failed: the code and the detail with which publishing was refused
     */
    record ScheduledView(
            String id,
            Instant at,
            SortedMap<String, Long> revisions,
            String message,
            boolean again,
            Optional<String> override,
            String by,
            ScheduleState state,
            Optional<Instant> endedAt,
            Optional<String> problem) {

        public ScheduledView {
            revisions = Collections.unmodifiableSortedMap(new TreeMap<>(revisions));
        }
    }

    /**
     * @param at in the future, at most a year from now
     * @param revisions what the draft of each namespace is at, by the namespace's name
     * @param again as with {@link ConfigApi.PublishRequest}
     * @param override as with {@link ConfigApi.PublishRequest}
     */
    record ScheduleRequest(
            @NotNull Instant at,

            @NotNull @Size(min = 1, max = 100, message = "must name 1 to 100 namespaces")
            Map<String, @NotNull Long> revisions,

            @Size(max = 500) @Nullable String message,
            @Nullable Boolean again,
            @Size(max = 500) @Nullable String override) {}
}
