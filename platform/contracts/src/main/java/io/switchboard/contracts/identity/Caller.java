package io.switchboard.contracts.identity;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, read from its access token. A controller method that declares a parameter of this type gets it.
 *
 * @param subject the user's name or the API key's id, for the audit
 * @param tenant the tenant the credential belongs to; empty for operators and services
 * @param user whose API key it is, as claim {@code api_key_user} of the token; empty for a person's own token and for a machine's key
 * @param until when the token ends, {@link Instant#MAX} if it never does; an answer that takes longer must end then too
 */
public record Caller(String subject, Optional<String> tenant, Set<Role> roles, Optional<String> user, Instant until) {

    public Caller {
        roles = Set.copyOf(roles);
    }

    public Caller(String subject, Optional<String> tenant, Set<Role> roles, Instant until) {
        this(subject, tenant, roles, Optional.empty(), until);
    }

    /** Who answers for what the caller does: the user whose API key it is, or else the subject. */
    public String person() {
        return user.orElse(subject);
    }

    public boolean is(Role role) {
        return roles.contains(role);
    }

    /**
     * The caller, who must be an operator.
     *
     * @param caller absent only where an interface has no other way to say that there always is one
     * @param refusal what anybody else is told, one sentence
     * @throws Problem {@link RequestProblem#FORBIDDEN}
     */
    public static Caller operator(@Nullable Caller caller, String refusal) {
        if (caller == null || !caller.is(Role.OPERATOR)) {
            throw new Problem(RequestProblem.FORBIDDEN, refusal);
        }
        return caller;
    }
}
