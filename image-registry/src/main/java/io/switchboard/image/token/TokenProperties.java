package io.switchboard.image.token;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How registry tokens are made and who gets them.
 *
 * @param directory where the signing key, its certificate and the pull key are kept; made at first start
 * @param realm address of the token end point as registry clients reach it; absent means this service on 127.0.0.1
 * @param service the registry's name in tokens and challenges
 * @param issuer our name in tokens
 * @param lifetime of a token, 1 to 60 minutes
 * @param remember how long a credential that was found right isn't checked again, at most 5 minutes
 * @param failuresPerMinute wrong passwords that one name may send from one address before it has to wait
 */
@Validated
@ConfigurationProperties("image.token")
public record TokenProperties(
        @DefaultValue("data/image-registry/token") Path directory,
        @Nullable URI realm,
        @DefaultValue("switchboard-registry") @NotBlank String service,
        @DefaultValue("switchboard") @NotBlank String issuer,

        @DefaultValue("5m") @DurationMin(minutes = 1) @DurationMax(minutes = 60)
        Duration lifetime,

        @DefaultValue("30s") @DurationMin @DurationMax(minutes = 5)
        Duration remember,

        @DefaultValue("10") @Min(1) @Max(1000) int failuresPerMinute) {}
