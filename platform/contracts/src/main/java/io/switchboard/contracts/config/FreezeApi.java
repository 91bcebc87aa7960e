package io.switchboard.contracts.config;

import io.switchboard.contracts.identity.Caller;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * Times in which a stage of a tenant, or one application's in it, is not released to without saying why. What an application
 * inherits is released where it stands: only a freeze of that application, or of the stage, holds it. The tenant is the caller's;
 * an operator names it with {@code tenant}.
 */
@HttpExchange("/api/v1/config-freezes/{stage}")
public interface FreezeApi {

    /** By beginning. Those that ended long ago are left out. */
    @GetExchange
    List<FreezeView> freezes(
            @PathVariable String stage,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Sets a freeze under a name that the caller chooses; the same call twice changes nothing. 403 for one that somebody else set,
     * except for operators.
     */
    @PutExchange("/{id}")
    FreezeView put(
            @PathVariable String stage,
            @PathVariable String id,
            @RequestBody FreezeRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** Ends it; one that isn't there has ended already. 403 as with {@link #put}. */
    @DeleteExchange("/{id}")
    void delete(
            @PathVariable String stage,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * @param until not included
     * @param application absent for all of the stage
     * @param by who set it
     */
    record FreezeView(String id, Instant from, Instant until, String reason, Optional<String> application, String by) {}

    /**
     * @param until after {@code from}
     * @param application absent for all of the stage
     */
    record FreezeRequest(
            @NotNull Instant from,
            @NotNull Instant until,
            @NotBlank @Size(max = 500) String reason,
            @Size(max = 63) @Nullable String application) {}
}
