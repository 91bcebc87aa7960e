package io.switchboard.contracts.config;

import io.switchboard.contracts.identity.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * What an application's clients read with, at ZooKeeper and over HTTP. No call gives a secret back: tasks get it as they start. The
 * tenant is the caller's; an operator names it with {@code tenant}.
 */
@HttpExchange("/api/v1/config-applications/{application}/reader-keys")
public interface ReaderKeysApi {

    /** Newest first: that is the one that new workloads get. */
    @GetExchange
    List<ReaderKeyView> keyrings(
            @PathVariable String application,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Makes another key valid under a name that the caller chooses; those before stay valid. The same call twice changes nothing. 403 for
     * who may not publish in one of the stages, 409 beyond three.
     */
    @PutExchange("/{id}")
    List<ReaderKeyView> issue(
            @PathVariable String application,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * As {@link #issue}, or for the newest one that is there already, and all other keys retire after that time: they read until then, and
     * nothing from then on, also if no center runs by then. None is valid for longer than before, so the same call twice changes nothing. 403
     * and 409 as with {@link #issue}; 409 for the id of an older one.
     *
     * @param overlap how long the others stay valid, in ISO 8601's form of a duration in days, hours, minutes and seconds ({@code P7D},
     *     {@code PT36H}): from {@code PT0S}, which retires them by this call, to {@code P90D}; without it {@code P7D}
     */
    @PutExchange("/{id}/rotation")
    List<ReaderKeyView> rotate(
            @PathVariable String application,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Duration overlap,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Has the key read nothing from now on; the same call twice changes nothing. Clients that use it keep what they have and get no
     * release any more. 403 as with {@link #issue}, 404 for a key that never was, 409 for the newest.
     */
    @DeleteExchange("/{id}")
    List<ReaderKeyView> retire(
            @PathVariable String application,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * @param issuedAt absent for the first, which came with the application
     * @param issuedBy empty for the first
     * @param workloads of which tasks were given it, some of which may be gone
     * @param retiresAt when it is going to read nothing any more; absent for one that stays
     * @param lastUsed when a client was last seen with it, to the minute, counted while there is another key beside it
     * @param clients that are connected to ZooKeeper with it now, as {@code stage/client}, 20 at most; those over HTTP aren't named
     */
    record ReaderKeyView(
            String id,
            Optional<Instant> issuedAt,
            String issuedBy,
            List<String> workloads,
            Optional<Instant> retiresAt,
            Optional<Instant> lastUsed,
            List<String> clients) {

        public ReaderKeyView {
            workloads = List.copyOf(workloads);
            clients = List.copyOf(clients);
        }
    }
}
