package io.switchboard.contracts.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who sent a request, read from its access token. A controller method that declares a parameter of this type gets it.
 *
 * @param subject the user's name or the API key's id, for the audit
 * @param tenant the tenant the credential belongs to; empty for operators and services
 * @param until when the token ends, {@link Instant#MAX} if it never does; an answer that takes longer must end then too
 */
public record Caller(String subject, Optional<String> tenant, Set<Role> roles, Instant until) {

    public Caller {
        roles = Set.copyOf(roles);
    }

    public boolean is(Role role) {
        return roles.contains(role);
    }
}
