package io.switchboard.contracts.config;

import io.switchboard.contracts.identity.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** Which applications have configuration, also of instances that are gone, and its end. */
@HttpExchange("/api/v1/config-applications")
public interface ApplicationsApi {

    /**
     * By name, at most 100.
     *
     * @param after only those behind that name
     */
    @GetExchange
    List<ApplicationView> applications(
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    /**
     * Deletes all namespaces of the application in all stages, with drafts, releases, rules and what is scheduled; what isn't there is
     * deleted already. It can't be taken back: archive it before. 403 for who may not publish in one of the stages, 409 while clients
     * read it or a stage is frozen.
     */
    @DeleteExchange("/{application}")
    void delete(
            @PathVariable String application,
            @RequestParam(required = false) @Nullable String tenant,
            @Nullable Caller caller);

    record ApplicationView(String application, List<StageView> stages) {

        public ApplicationView {
            stages = List.copyOf(stages);
        }
    }

    /**
     * @param namespaces how many there are
     * @param clients how many report that they read one of them
     * @param releasedAt when the last release was made, absent if there was none
     */
    record StageView(String stage, int namespaces, int clients, Optional<Instant> releasedAt) {}
}
