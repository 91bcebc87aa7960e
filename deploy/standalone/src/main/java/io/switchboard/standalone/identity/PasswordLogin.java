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
        var authorities = new ArrayList<GrantedAuthority>();
        answer.roles().forEach(role -> authorities.add(new SimpleGrantedAuthority("ROLE_" + role.name())));
        // Says when and by what the person logged in; the id token's auth_time comes from it.
        authorities.add(FactorGrantedAuthority.fromAuthority(FactorGrantedAuthority.PASSWORD_AUTHORITY));
        return UsernamePasswordAuthenticationToken.authenticated(
                new Person(name, answer.tenant(), answer.roles()), null, authorities);
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
