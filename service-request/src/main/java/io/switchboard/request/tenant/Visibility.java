package io.switchboard.request.tenant;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose orders and instances a caller sees.
 *
 * @param tenant the only tenant; empty means all of them
 */
public record Visibility(Optional<String> tenant) {

    /**
     * A tenant's own; everything for operators and services.
     *
     * @throws Problem {@link RequestProblem#FORBIDDEN} if the credential belongs to nobody we know
     */
    public static Visibility of(@Nullable Caller caller) {
        if (caller != null && (caller.is(Role.OPERATOR) || caller.is(Role.SERVICE))) {
            return new Visibility(Optional.empty());
        }
        return new Visibility(Optional.of(ownTenant(caller)));
    }

    /**
     * The tenant that a caller orders for.
     *
     * @throws Problem {@link RequestProblem#FORBIDDEN} if the credential belongs to no tenant
     */
    public static String ownTenant(@Nullable Caller caller) {
        return Optional.ofNullable(caller)
                .filter(known -> known.is(Role.TENANT))
                .flatMap(Caller::tenant)
                .orElseThrow(() -> new Problem(
                        RequestProblem.FORBIDDEN,
                        "The access token belongs to no tenant; this call needs one that does."));
    }

    /**
     * Narrows what an operator sees to one tenant; a tenant's view stays as it is.
     *
     * @throws Problem {@link RequestProblem#INVALID_REQUEST} if that is no tenant's name
     */
    public Visibility narrowedTo(@Nullable String wanted) {
        if (wanted == null || tenant.isPresent()) {
            return this;
        }
        return new Visibility(Optional.of(Names.tenant(wanted)));
    }

    public boolean includes(String owner) {
        return tenant.isEmpty() || tenant.get().equals(owner);
    }
}
