package io.switchboard.contracts.config;

import io.switchboard.contracts.identity.Caller;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

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

    /** @param earlierReleases those that lie in the database */
    record RestoreView(long namespaces, long releases, long earlierReleases) {}

    /**
     * Makes an empty center what the file says; none of it if it is no backup, was cut off or changed. Until all of it is there, every other
     * call is answered 503; if the center goes before, that stays so, and the same call does it anew. 409 for a center that keeps something
     * already, and if its session at ZooKeeper ends meanwhile, or others write where it does: the same call does it anew then, too.
     *
     * @param file at most 4 GiB
     */
    @PutExchange(contentType = TYPE)
    RestoreView restore(@RequestBody InputStreamResource file, @Nullable Caller caller);
}
