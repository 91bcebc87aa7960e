package io.switchboard.contracts.config;

import io.switchboard.contracts.identity.Caller;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/**
 * All that the config center keeps, of all tenants, as one file; for operators. Encrypted items and keys stay sealed in it, and master
 * keys are no part of it; plain items are readable.
 */
@HttpExchange("/api/v1/config-backup")
public interface BackupApi {

    String TYPE = "application/vnd.switchboard.config-backup";

    /** Each stage of an application as it is at one moment: a release of several namespaces is in it whole or not at all. */
    @GetExchange(accept = TYPE)
    ResponseEntity<InputStreamResource> backup(@Nullable Caller caller);
}
