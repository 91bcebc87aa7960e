package io.switchboard.contracts.image;

import io.switchboard.contracts.identity.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** Images in the private registry. {@link Caller} parameters come from the access token; a client passes {@code null}. */
@HttpExchange
public interface ImagesApi {

    /** Images of the caller's tenant and of the platform, or all of them for an operator; newest first. */
    @GetExchange("/api/v1/images")
    List<ImageView> images(@RequestParam(required = false) @Nullable String repository, @Nullable Caller caller);

    /** What an engine pulls with: a credential that can only pull, for the given repository; services only. */
    @GetExchange("/internal/v1/pull-credential")
    PullCredential pullCredential(@RequestParam String repository);

    /**
     * @param repository with its owner first: {@code acme/ivr-menu}, {@code platform/acd}
     * @param digest {@code sha256:} and 64 hexadecimal digits
     * @param sizeBytes of the manifest's layers and config together
     */
    record ImageView(
            String repository,
            List<String> tags,
            String digest,
            long sizeBytes,
            Optional<Instant> pushedAt,
            Optional<String> pushedBy) {

        public ImageView {
            tags = List.copyOf(tags);
        }
    }

    /** @param registry host and port of the registry, as an engine reaches it */
    record PullCredential(String registry, String user, String secret) {

        @Override
        public String toString() {
            return "PullCredential[" + registry + " " + user + "]";
        }
    }
}
