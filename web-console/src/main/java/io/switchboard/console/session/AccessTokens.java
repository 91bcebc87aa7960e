package io.switchboard.console.session;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.stereotype.Component;

/** The access token of the person whose request this thread serves. */
@Component
public class AccessTokens {

    private final OAuth2AuthorizedClientManager manager;

    AccessTokens(OAuth2AuthorizedClientManager manager) {
        this.manager = manager;
    }

    /**
     * The token's value, renewed if it is about to end.
     *
     * @throws SignInNeeded if nobody is signed in, or the token ended and can't be renewed
     */
    public String current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null) {
            throw new SignInNeeded();
        }
        try {
            OAuth2AuthorizedClient client =
                    manager.authorize(OAuth2AuthorizeRequest.withClientRegistrationId(IssuerRegistrations.ID)
                            .principal(authentication)
                            .build());
            if (client == null) {
                throw new SignInNeeded();
            }
            return client.getAccessToken().getTokenValue();
        } catch (ClientAuthorizationException ended) {
            throw new SignInNeeded();
        }
    }
}
