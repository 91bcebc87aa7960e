package io.switchboard.console.session;

import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * The console's registration at the issuer. Register {@code <console>/login/oauth2/code/switchboard} as redirect URI and
 * {@code <console>/} as the address to return to after signing out.
 *
 * @param clientId the client's name at the issuer
 * @param clientSecret the client's secret at the issuer
 */
@Validated
@ConfigurationProperties("console.oidc")
record SignInProperties(@NotBlank String clientId, @NotBlank String clientSecret) {

    @Override
    public String toString() {
        return "SignInProperties[" + clientId + "]";
    }
}
