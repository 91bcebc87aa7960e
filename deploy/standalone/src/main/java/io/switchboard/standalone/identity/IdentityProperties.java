package io.switchboard.standalone.identity;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The embedded issuer.
 *
 * @param issuer its public address, as it stands in tokens
 * @param directory where the signing key is kept, readable by its owner only
 * @param requestService where credentials are checked
 * @param consoleSecret the console's client secret
 * @param consoleRedirects where the console may be sent back to after a login
 * @param serviceSecret what services get their tokens with
 * @param operatorSecret what an operator's scripts get their tokens with, as client {@code operator-cli}
 * @param accessTokenLife how long an access token counts
 */
@Validated
@ConfigurationProperties("identity")
record IdentityProperties(
        @NotNull URI issuer,
        @NotNull Path directory,
        @NotNull URI requestService,
        @NotBlank String consoleSecret,
        @NotNull List<String> consoleRedirects,
        @NotBlank String serviceSecret,
        @NotBlank String operatorSecret,
        @DefaultValue("15m") Duration accessTokenLife) {

    @Override
    public String toString() {
        return "IdentityProperties[issuer=" + issuer + "]";
    }
}
