package io.switchboard.starter.security;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose tokens count, and what this service shows to others.
 *
 * @param issuer the OIDC issuer that signs access tokens
 * @param issuerRequired whether a service without an issuer doesn't start; if it does, it lets nobody in
 * @param outgoing how calls to other services are authenticated
 * @param clientId this service's own name at the issuer; needed for {@link Outgoing#SERVICE}
 * @param clientSecret its secret; never logged
 */
@ConfigurationProperties("switchboard.security")
public record SecurityProperties(
        @Nullable URI issuer,
        @DefaultValue("true") boolean issuerRequired,
        @DefaultValue("service") Outgoing outgoing,
        @Nullable String clientId,
        @Nullable String clientSecret) {

    public SecurityProperties {
        boolean named = clientId != null && !clientId.isEmpty();
        if (named && (issuer == null || clientSecret == null || clientSecret.isEmpty())) {
            throw new IllegalArgumentException("switchboard.security.client-id needs switchboard.security.issuer and"
                    + " switchboard.security.client-secret beside it");
        }
    }

    /** Whether this service can get a token of its own. */
    public boolean hasClient() {
        return clientId != null && !clientId.isEmpty();
    }

    public enum Outgoing {
        /** With a token of this service's own, from client credentials. */
        SERVICE,
        /** The service sees to it itself. */
        NONE
    }

    @Override
    public String toString() {
        return "SecurityProperties[issuer=" + issuer + ", outgoing=" + outgoing + ", clientId=" + clientId + "]";
    }
}
