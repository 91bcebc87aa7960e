package io.switchboard.contracts.config;

import io.switchboard.contracts.config.ValidationApi.BuildView;
import io.switchboard.contracts.config.ValidationApi.Finding;
import io.switchboard.contracts.identity.Caller;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * Builds that don't run yet: a pipeline leaves what one takes, and checks configuration against it. What {@link ValidationApi} lists, and
 * checks drafts against once it is the latest and no client is connected.
 */
@HttpExchange("/api/v1/config-builds/{application}/{build}")
public interface BuildsApi {

    /**
     * Leaves it under a name that the caller chooses, in place of what lay there. 404 for an application without configuration; 403 for
     * who may not publish in each of its stages, as drafts of all of them are checked against it.
     *
     * @param metadata the build's {@code META-INF/spring-configuration-metadata.json}
     * @param version of the application; the build's name if absent
     */
    @PutExchange
    BuildView leave(
            @PathVariable String application,
            @PathVariable String build,
            @RequestBody Map<String, Object> metadata,
            @RequestParam(required = false) @Nullable String version,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /** What that build would refuse of a stage's configuration, and what has no effect there. Nothing is kept. 404 for an unknown build. */
    @PostExchange("/check")
    List<NamespaceFindings> check(
            @PathVariable String application,
            @PathVariable String build,
            @RequestBody BuildCheckRequest request,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * @param stage it is meant for
     * @param namespaces their items, by name; a document's under {@code content}
     */
    record BuildCheckRequest(
            @NotNull String stage,

            @NotNull @Size(min = 1, max = 100, message = "must name 1 to 100 namespaces")
            Map<String, @NotNull Map<String, @NotNull String>> namespaces) {}

    /** @param findings as with a draft; a reference is looked up among these namespaces only if it is known where else to look */
    record NamespaceFindings(String namespace, List<Finding> findings) {

        public NamespaceFindings {
            findings = List.copyOf(findings);
        }
    }
}
