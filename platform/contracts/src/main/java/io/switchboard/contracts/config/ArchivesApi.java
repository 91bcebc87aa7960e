package io.switchboard.contracts.config;

import io.switchboard.contracts.config.StagesApi.DraftDifference;
import io.switchboard.contracts.identity.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * Configuration as a zip file, in the layout that {@code ./switchboard config} keeps in git:
 * {@code APPLICATION/STAGE/NAMESPACE.properties}, and documents by their own name. Encrypted items are not in it.
 */
@HttpExchange("/api/v1/config-archives")
public interface ArchivesApi {

    String ZIP = "application/zip";

    /**
     * The same bytes for the same content.
     *
     * @param application only its namespaces, all of the tenant's if absent
     * @param stage only that stage's
     * @param of {@code draft}, or {@code current} for what clients read; drafts if absent
     */
    @GetExchange(accept = ZIP)
    ResponseEntity<byte[]> archive(
            @RequestParam(required = false) @Nullable String application,
            @RequestParam(required = false) @Nullable String stage,
            @RequestParam(required = false) @Nullable String of,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Makes drafts what the files say, all in one step or none; publishes nothing. The same call twice changes nothing.
     *
     * @param remove whether keys that a file doesn't have are taken out
     * @param preview whether only to tell what would change
     * @param zip at most 4 MiB, and 16 MiB unpacked
     */
    @PostExchange(contentType = ZIP)
    List<DraftDifference> restore(
            @RequestBody byte[] zip,
            @RequestParam(defaultValue = "false") boolean remove,
            @RequestParam(defaultValue = "false") boolean preview,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);
}
