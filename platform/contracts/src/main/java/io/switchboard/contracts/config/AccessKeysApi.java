package io.switchboard.contracts.config;

import io.switchboard.contracts.identity.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * What an application's tasks in one stage open encrypted items with. No call gives a key back: tasks get it as they start. The tenant
 * is the caller's; an operator names it with {@code tenant}.
 */
@HttpExchange("/api/v1/config-access-keys/{application}/{stage}")
public interface AccessKeysApi {

    /** Newest first. */
    @GetExchange
    List<AccessKeyView> accessKeys(
            @PathVariable String application,
            @PathVariable String stage,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Makes another key valid under a name that the caller chooses, or goes on with the newest one of that name: each namespace with
     * encrypted items gets a release of the same values that all keys open, and then new workloads get the new one. After the overlap
     * nothing is sealed for the others any more, and what is encrypted from then on is sealed with other data keys. None is valid for
     * longer than before, so the same call twice changes nothing. 403 for who may not publish in the stage; 409 beyond three and for the
     * id of an older one. While a canary runs the new key is there and not given; without overlap that is 409, as the others aren't
     * retired yet. The center goes on when it is over.
     *
     * @param overlap how long the others stay valid, in ISO 8601's form of a duration in days, hours, minutes and seconds ({@code P7D},
     *     {@code PT36H}): from {@code PT0S} to {@code P90D}; without it {@code P7D}
     */
    @PutExchange("/{id}/rotation")
    List<AccessKeyView> rotate(
            @PathVariable String application,
            @PathVariable String stage,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Duration overlap,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * @param issuedAt absent for the first, which came with the application
     * @param issuedBy empty for the first
     * @param workloads of which tasks were given it, some of which may be gone
     * @param given whether workloads get it, once all that is in effect is sealed for it
     * @param retiresAt when nothing is sealed for it any more; absent for one that stays
     */
    record AccessKeyView(
            String id,
            Optional<Instant> issuedAt,
            String issuedBy,
            List<String> workloads,
            boolean given,
            Optional<Instant> retiresAt) {

        public AccessKeyView {
            workloads = List.copyOf(workloads);
        }
    }
}
