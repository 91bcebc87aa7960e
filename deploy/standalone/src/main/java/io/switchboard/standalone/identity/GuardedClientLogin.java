package io.switchboard.standalone.identity;

import java.util.List;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Slows down who guesses the secrets of clients and API keys. */
final class GuardedClientLogin implements AuthenticationProvider {

    /** What {@link TooManyGuesses} is in the terms of OAuth; its description is the number of seconds to wait. */
    static final String SLOW_DOWN = "slow_down";

    private final ProviderManager logins;
    private final Guesses guesses;

    /** @param logins all that may know the client; together they make one try */
    GuardedClientLogin(List<AuthenticationProvider> logins, Guesses guesses) {
        this.logins = new ProviderManager(logins);
        this.logins.setEraseCredentialsAfterAuthentication(false);
        this.guesses = guesses;
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        if (attempt.getCredentials() == null) {
            return logins.authenticate(attempt);
        }
        var name = attempt.getName();
        var address = address(attempt);
        var wait = guesses.begin(name, address);
        if (wait.isPositive()) {
            var seconds = Long.toString(new TooManyGuesses(wait).seconds());
            throw new OAuth2AuthenticationException(new OAuth2Error(SLOW_DOWN, seconds, null));
        }
        try {
            var found = logins.authenticate(attempt);
            guesses.right(name, address);
            return found;
        } catch (AuthenticationException e) {
            if (!wrong(e)) {
                guesses.untold(name, address);
            }
            throw e;
        }
    }

    private static boolean wrong(AuthenticationException failure) {
        return failure instanceof OAuth2AuthenticationException oauth
                && oauth.getError().getErrorCode().equals(OAuth2ErrorCodes.INVALID_CLIENT);
    }

    static String address(Authentication attempt) {
        return attempt.getDetails() instanceof WebAuthenticationDetails details ? details.getRemoteAddress() : "";
    }

    @Override
    public boolean supports(Class<?> attempt) {
        return OAuth2ClientAuthenticationToken.class.isAssignableFrom(attempt);
    }
}
