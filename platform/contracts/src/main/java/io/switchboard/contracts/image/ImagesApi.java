package io.switchboard.contracts.image;

import io.switchboard.contracts.identity.Caller;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/** Images in the private registry. {@link Caller} parameters come from the access token; a client passes {@code null}. */
@HttpExchange
public interface ImagesApi {

    /** Images of the caller's tenant and of the platform, or all of them for an operator; newest first. */
    @GetExchange("/api/v1/images")
    List<ImageView> images(@RequestParam(required = false) @Nullable String repository, @Nullable Caller caller);

    /** Pinned versions of the repositories whose images the caller sees, newest first. */
    @GetExchange("/api/v1/images/versions")
    List<VersionView> versions(@RequestParam(required = false) @Nullable String repository, @Nullable Caller caller);

    /**
     * Says for good which digest a version means; the owner of the repository or an operator may. The same call again
     * changes nothing; 409 {@link ImageProblem#VERSION_IMMUTABLE} for another digest, 404
     * {@link ImageProblem#IMAGE_NOT_FOUND} if the registry has no such manifest.
     *
     * @param version 1 to 128 letters, digits, dots, dashes and underscores, no dot or dash in front
     */
    @PutExchange("/api/v1/images/versions")
    VersionView pinVersion(
            @RequestParam String repository,
            @RequestParam String version,
            @RequestBody VersionPin pin,
            @Nullable Caller caller);

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

    /** @param digest {@code sha256:} and 64 hexadecimal digits */
    record VersionPin(
            @NotNull
            @Pattern(
                    regexp = "sha256:[0-9a-f]{64}",
                    message = "must be 'sha256:' and 64 hexadecimal digits in lower case")
            String digest) {}

    /** @param pinnedBy user or API key that set it */
    record VersionView(String repository, String version, String digest, String pinnedBy, Instant pinnedAt) {}

    /** @param registry host and port of the registry, as an engine reaches it */
    record PullCredential(String registry, String user, String secret) {

        @Override
        public String toString() {
            return "PullCredential[" + registry + " " + user + "]";
        }
    }
}
