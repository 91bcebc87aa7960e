package io.switchboard.starter.security;

import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose tokens count, and what this service shows to others.
 *
 * @param issuer the OIDC issuer that signs access tokens
 * @param tokenType what the issuer writes into the header {@code typ} of access tokens, a media type without {@code
 *     application/}; empty if it writes no {@code typ}. The issuer's other tokens must be of another type, or they count too
 * @param issuerRequired whether a service without an issuer doesn't start; if it does, it lets nobody in
 * @param outgoing how calls to other services are authenticated
 * @param clientId this service's own name at the issuer; needed for {@link Outgoing#SERVICE}
 * @param clientSecret its secret; never logged
 */
@ConfigurationProperties("switchboard.security")
public record SecurityProperties(
        @Nullable URI issuer,
        @DefaultValue("at+jwt") String tokenType,
        @DefaultValue("true") boolean issuerRequired,
        @DefaultValue("service") Outgoing outgoing,
        @Nullable String clientId,
        @Nullable String clientSecret) {

    /** RFC 6838, section 4.2. */
    private static final Pattern MEDIA_TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}");

    public SecurityProperties {
        if (!tokenType.isEmpty() && !MEDIA_TYPE.matcher(tokenType).matches()) {
            throw new IllegalArgumentException("switchboard.security.token-type must be a media type without its"
                    + " 'application/', such as at+jwt or JWT, or empty for tokens without a type, but was '"
                    + tokenType
                    + "'");
        }
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
        return "SecurityProperties[issuer=" + issuer + ", tokenType=" + tokenType + ", outgoing=" + outgoing
                + ", clientId=" + clientId + "]";
    }
}
