package io.switchboard.standalone.identity;

import io.switchboard.contracts.identity.CredentialsApi;
import io.switchboard.contracts.identity.CredentialsApi.Credential;
import io.switchboard.contracts.identity.CredentialsApi.Kind;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.web.client.RestClientException;

/** Lets the request service check a person's password. */
final class PasswordLogin implements AuthenticationProvider {

    private final CredentialsApi credentials;

    PasswordLogin(CredentialsApi credentials) {
        this.credentials = credentials;
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        var name = attempt.getName();
        var answer = verify(new Credential(Kind.USER, name, String.valueOf(attempt.getCredentials())));
        if (!answer.valid()) {
            throw new BadCredentialsException("name or password is wrong");
        }
        return UsernamePasswordAuthenticationToken.authenticated(
                new Person(name, answer.tenant(), answer.roles()),
                null,
                answer.roles().stream()
                        .map(role -> new SimpleGrantedAuthority("ROLE_" + role.name()))
                        .toList());
    }

    private CredentialsApi.Verification verify(Credential credential) {
        try {
            return credentials.verify(credential);
        } catch (RestClientException e) {
            throw new AuthenticationServiceException("credentials can't be checked now; try again", e);
        }
    }

    @Override
    public boolean supports(Class<?> attempt) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(attempt);
    }
}
