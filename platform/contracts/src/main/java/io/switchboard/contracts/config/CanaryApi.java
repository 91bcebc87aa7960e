package io.switchboard.contracts.config;

import io.switchboard.contracts.identity.Caller;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * Releases that some clients get first. While a canary runs, its namespaces have no other release; it ends when it is promoted or
 * abandoned, or by itself when one of its clients can't take it over, is unhealthy, or doesn't confirm it in time. Parameters as with
 * {@link ConfigApi}.
 */
@HttpExchange("/api/v1/config-canaries/{application}/{stage}")
public interface CanaryApi {

    /** Those that run, then those that are over, the last first. */
    @GetExchange
    List<CanaryView> canaries(
            @PathVariable String application,
            @PathVariable String stage,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** One of them, and what each client makes of it while it runs. */
    @GetExchange("/{id}")
    CanaryDetails canary(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Gives drafts to some clients, all in one step, under a name that the caller chooses; the same call twice is one canary. It
     * needs what publishing needs. 409 also if a canary runs in one of the namespaces, if one has no release yet, or if no
     * client that is connected would get it.
     */
    @PutExchange("/{id}")
    CanaryView start(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String id,
            @RequestBody CanaryRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Gives it to others, mostly more, instead; they have as long to confirm it again. It heeds what a promotion heeds, unless fewer
     * of the same clients keep it. 409 once it is over.
     */
    @PutExchange("/{id}/choice")
    CanaryView choose(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String id,
            @RequestBody ChoiceRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** Makes it the release in effect for all; the same call twice changes nothing. 409 if it ended in another way. */
    @PostExchange("/{id}/promotion")
    CanaryView promote(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String id,
            @RequestBody PromotionRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Has its clients go back to the release in effect; the same call twice changes nothing. What it held stays in the draft, and is
     * not published again by mistake. 409 if it was promoted.
     */
    @PostExchange("/{id}/abandonment")
    CanaryView abandon(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String id,
            @RequestBody AbandonmentRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    enum CanaryState {
        RUNNING,
        PROMOTED,
        ABANDONED,
        /** It ended by itself; {@code reason} says why. */
        FAILED
    }

    /**
     * Which clients; exactly one of the three.
     *
     * @param instances names of clients as they report them
     * @param label {@code name=value} that a client has
     * @param percent of the clients, by a hash of their names
     */
    record Choice(
            @Size(min = 1, max = 100, message = "must name 1 to 100 clients") @Nullable
            List<@NotNull @Size(max = 200) String> instances,

            @Size(max = 201) @Nullable String label,
            @Min(1) @Max(100) @Nullable Integer percent) {

        public static Choice ofInstances(List<String> names) {
            return new Choice(names, null, null);
        }

        public static Choice ofLabel(String label) {
            return new Choice(null, label, null);
        }

        public static Choice ofPercent(int percent) {
            return new Choice(null, null, percent);
        }
    }

    /**
     * @param releases numbers of its releases, by namespace
     * @param by who started it
     * @param chosenAt when its clients were chosen last
     * @param confirmSeconds how long after that, or after its start, a client may take to confirm it
     * @param provenAt since when all clients that were chosen run it; absent again if one of them is gone before the time to
     *     confirm it is over
     * @param endedAt when it was promoted, abandoned or failed
     * @param endedBy who promoted or abandoned it
     * @param reason why it was abandoned or failed
     */
    record CanaryView(
            String id,
            Choice choice,
            SortedMap<String, Long> releases,
            String message,
            String by,
            Instant at,
            Instant chosenAt,
            int confirmSeconds,
            CanaryState state,
            Optional<Instant> provenAt,
            Optional<Instant> endedAt,
            Optional<String> endedBy,
            Optional<String> reason) {

        public CanaryView {
            releases = Collections.unmodifiableSortedMap(new TreeMap<>(releases));
        }

        /** One that begins, with nobody who has confirmed it. */
        public static CanaryView begun(
                String id,
                Choice choice,
                SortedMap<String, Long> releases,
                String message,
                String by,
                Instant at,
                int confirmSeconds) {
            return running(id, choice, releases, message, by, at, at, confirmSeconds);
        }

        /** For others, who have as long to confirm it. */
        public CanaryView givenTo(Choice others, Instant now) {
            return running(id, others, releases, message, by, at, now, confirmSeconds);
        }

        private static CanaryView running(
                String id,
                Choice choice,
                SortedMap<String, Long> releases,
                String message,
                String by,
                Instant at,
                Instant chosenAt,
                int confirmSeconds) {
            return new CanaryView(
                    id,
                    choice,
                    releases,
                    message,
                    by,
                    at,
                    chosenAt,
                    confirmSeconds,
                    CanaryState.RUNNING,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        public CanaryView proven(Optional<Instant> since) {
            return with(state, since, endedAt, endedBy, reason);
        }

        public CanaryView ended(CanaryState how, Instant now, Optional<String> who, Optional<String> why) {
            return with(how, provenAt, Optional.of(now), who, why);
        }

        private CanaryView with(
                CanaryState how,
                Optional<Instant> proven,
                Optional<Instant> ended,
                Optional<String> who,
                Optional<String> why) {
            return new CanaryView(
                    id, choice, releases, message, by, at, chosenAt, confirmSeconds, how, proven, ended, who, why);
        }
    }

    enum ClientState {
        /** Not chosen. */
        OTHER,
        /** Chosen, and has time left to confirm it. */
        WAITING,
        RUNS,
        REFUSED,
        UNHEALTHY,
        LATE,
        /** Chosen, and not connected any more. */
        GONE
    }

    /**
     * @param release that the client runs; 0 if it is gone
     * @param problem why it could not take the canary's release over, or what its health check lacks
     */
    record CanaryClient(String namespace, String client, long release, ClientState state, Optional<String> problem) {}

    /** @param clients by namespace and name, those chosen first; none once it is over */
    record CanaryDetails(CanaryView canary, List<CanaryClient> clients) {

        public CanaryDetails {
            clients = List.copyOf(clients);
        }
    }

    /**
     * @param revisions what the draft of each namespace is at, by the namespace's name
     * @param confirmSeconds how long a client may take to confirm it; 60 if absent
     * @param again as with {@link ConfigApi.PublishRequest}
     * @param override as with {@link ConfigApi.PublishRequest}
     * @param accept as with {@link ConfigApi.PublishRequest}
     */
    record CanaryRequest(
            @NotNull @Size(min = 1, max = 20, message = "must name 1 to 20 namespaces")
            Map<String, @NotNull Long> revisions,

            @NotNull @Valid Choice choice,
            @Size(max = 500) @Nullable String message,
            @Min(1) @Max(3600) @Nullable Integer confirmSeconds,
            @Nullable Boolean again,
            @Size(max = 500) @Nullable String override,
            @Size(max = 500) @Nullable String accept) {}

    /**
     * A {@link Choice}.
     *
     * @param override as with {@link ConfigApi.PublishRequest}
     */
    record ChoiceRequest(
            @Size(min = 1, max = 100, message = "must name 1 to 100 clients") @Nullable
            List<@NotNull @Size(max = 200) String> instances,

            @Size(max = 201) @Nullable String label,
            @Min(1) @Max(100) @Nullable Integer percent,
            @Size(max = 500) @Nullable String override) {

        public static ChoiceRequest of(Choice choice, @Nullable String override) {
            return new ChoiceRequest(choice.instances(), choice.label(), choice.percent(), override);
        }

        public Choice choice() {
            return new Choice(instances, label, percent);
        }
    }

    /** @param override as with {@link ConfigApi.PublishRequest} */
    record PromotionRequest(@Size(max = 500) @Nullable String override) {}

    /** @param reason why it is wrong */
    record AbandonmentRequest(@Size(max = 500) @Nullable String reason) {}
}
