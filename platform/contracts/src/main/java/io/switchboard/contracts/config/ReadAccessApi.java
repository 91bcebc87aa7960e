package io.switchboard.contracts.config;

import io.switchboard.contracts.config.ConfigApi.ReadAccess;
import io.switchboard.contracts.identity.Caller;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** What a program that Switchboard does not run needs to read an application's configuration. Tasks get theirs as they start. */
@HttpExchange
public interface ReadAccessApi {

    /**
     * What the starter reads, with the newest reader key. The same call gives the same until there is another key. 403 for who may not
     * publish in all of the application's stages, as the key reads all of them; 404 for a stage without configuration. The audit has a
     * line for each call.
     */
    @PostExchange("/api/v1/config-applications/{application}/credentials")
    ReadAccess credentials(
            @PathVariable String application,
            @RequestBody CredentialsRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * @param accessKey whether also the key that opens encrypted items, if the application has one; no if absent
     */
    record CredentialsRequest(
            @NotNull String stage, @Nullable Boolean accessKey) {}
}
