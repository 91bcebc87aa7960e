package io.switchboard.image.registry;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which registry holds the images.
 *
 * @param mode managed: we run one as a child process; external: somebody else runs it; none: there is none
 * @param directory for the managed registry's configuration, log and images
 * @param port where the managed registry listens on 127.0.0.1
 * @param program the managed registry's executable, a path or a name on the PATH
 * @param url of the external registry's API, as this service reaches it
 * @param address host and port as engines and people reach the registry; absent means 127.0.0.1 and the port, or the
 *     external one's
 * @param stopOnClose whether the managed registry ends with this service; otherwise the next start adopts it
 */
@Validated
@ConfigurationProperties("image.registry")
record RegistryProperties(
        @DefaultValue("managed") Mode mode,
        @DefaultValue("data/image-registry/registry") Path directory,
        @DefaultValue("5000") @Min(1) @Max(65_535) int port,
        @DefaultValue("docker-registry") @NotBlank String program,
        @Nullable URI url,
        @Nullable String address,
        @DefaultValue("true") boolean stopOnClose) {

    @AssertTrue(message = "image.registry.url is needed in mode external")
    boolean isUrlGivenWhereNeeded() {
        return mode != Mode.EXTERNAL || url != null;
    }

    enum Mode {
        MANAGED,
        EXTERNAL,
        NONE
    }
}
