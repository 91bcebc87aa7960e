package io.switchboard.contracts.identity;

import java.util.Optional;
import java.util.Set;

/**
 * Who sent a request, read from its access token. A controller method that declares a parameter of this type gets it.
 *
 * @param subject the user's name or the API key's id, for the audit
 * @param tenant the tenant the credential belongs to; empty for operators and services
 */
public record Caller(String subject, Optional<String> tenant, Set<Role> roles) {

    public Caller {
        roles = Set.copyOf(roles);
    }

    public boolean is(Role role) {
        return roles.contains(role);
    }
}
