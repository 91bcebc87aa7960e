package io.switchboard.standalone.identity;

import io.switchboard.contracts.identity.CredentialsApi;
import io.switchboard.contracts.identity.CredentialsApi.Credential;
import io.switchboard.contracts.identity.CredentialsApi.Kind;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.web.client.RestClientException;

/** Takes an API key as OAuth2 client credentials; the request service checks it. Other clients are left to Spring. */
final class ApiKeyLogin implements AuthenticationProvider {

    static final String PREFIX = "sbk-";

    private final CredentialsApi credentials;
    private final Clients clients;

    ApiKeyLogin(CredentialsApi credentials, Clients clients) {
        this.credentials = credentials;
        this.clients = clients;
    }

    @Override
    public @Nullable Authentication authenticate(Authentication attempt) {
        var client = (OAuth2ClientAuthenticationToken) attempt;
        var id = String.valueOf(client.getPrincipal());
        if (!id.startsWith(PREFIX) || client.getCredentials() == null) {
            return null;
        }
        var answer = verify(new Credential(Kind.API_KEY, id, String.valueOf(client.getCredentials())));
        if (!answer.valid()) {
            throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT);
        }
        return new OAuth2ClientAuthenticationToken(
                clients.apiKey(id, answer.tenant(), answer.roles(), answer.user()),
                client.getClientAuthenticationMethod(),
                client.getCredentials());
    }

    private CredentialsApi.Verification verify(Credential credential) {
        try {
            return credentials.verify(credential);
        } catch (RestClientException e) {
            throw new OAuth2AuthenticationException(
                    new OAuth2Error(
                            OAuth2ErrorCodes.TEMPORARILY_UNAVAILABLE,
                            "credentials can't be checked now; try again",
                            null),
                    e);
        }
    }

    @Override
    public boolean supports(Class<?> attempt) {
        return OAuth2ClientAuthenticationToken.class.isAssignableFrom(attempt);
    }
}
