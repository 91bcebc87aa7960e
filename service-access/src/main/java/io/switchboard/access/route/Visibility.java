package io.switchboard.access.route;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may know of what: a tenant of its own, operators and services of everything. */
public final class Visibility {

    private Visibility() {}

    /** Whether the caller may know of it; of what is removed nobody. */
    public static boolean of(Upstream upstream, @Nullable Caller caller) {
        return !upstream.removed() && of(upstream.tenant(), caller);
    }

    /** Whether the caller may know of what is this tenant's. */
    public static boolean of(String tenant, @Nullable Caller caller) {
        return caller != null
                && (caller.is(Role.OPERATOR)
                        || caller.is(Role.SERVICE)
                        || caller.tenant().equals(Optional.of(tenant)));
    }
}
