package io.switchboard.standalone.identity;

import io.switchboard.contracts.identity.CredentialsApi;
import io.switchboard.contracts.identity.CredentialsApi.Credential;
import io.switchboard.contracts.identity.CredentialsApi.Kind;
import java.util.ArrayList;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.web.client.RestClientException;

/** Lets the request service check a person's password, unless too many wrong ones came before. */
final class PasswordLogin implements AuthenticationProvider {

    private final CredentialsApi credentials;
    private final Guesses guesses;

    PasswordLogin(CredentialsApi credentials, Guesses guesses) {
        this.credentials = credentials;
        this.guesses = guesses;
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        var name = attempt.getName();
        var address = GuardedClientLogin.address(attempt);
        var wait = guesses.begin(name, address);
        if (wait.isPositive()) {
            throw new TooManyGuesses(wait);
        }
        var answer = verify(name, address, String.valueOf(attempt.getCredentials()));
        if (!answer.valid()) {
            throw new BadCredentialsException("name or password is wrong");
        }
        guesses.right(name, address);
        var authorities = new ArrayList<GrantedAuthority>();
        answer.roles().forEach(role -> authorities.add(new SimpleGrantedAuthority("ROLE_" + role.name())));
        // Says when and by what the person logged in; the id token's auth_time comes from it.
        authorities.add(FactorGrantedAuthority.fromAuthority(FactorGrantedAuthority.PASSWORD_AUTHORITY));
        return UsernamePasswordAuthenticationToken.authenticated(
                new Person(name, answer.tenant(), answer.roles()), null, authorities);
    }

    private CredentialsApi.Verification verify(String name, String address, String password) {
        try {
            return credentials.verify(new Credential(Kind.USER, name, password));
        } catch (RestClientException e) {
            guesses.untold(name, address);
            throw new AuthenticationServiceException("credentials can't be checked now; try again", e);
        }
    }

    @Override
    public boolean supports(Class<?> attempt) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(attempt);
    }
}
