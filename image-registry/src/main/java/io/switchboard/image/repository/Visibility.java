package io.switchboard.image.repository;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.image.token.Owner;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which repositories a caller may know of, and which are its own; the same rule that tokens follow. */
final class Visibility {

    private Visibility() {}

    static boolean sees(Caller caller, String repository) {
        var owners = owners(caller);
        return owners == null || owners.contains(Owner.of(repository).name());
    }

    /** Whose repositories the caller may know of; null for everyone's. */
    static @Nullable Set<String> owners(Caller caller) {
        if (caller.is(Role.OPERATOR) || caller.is(Role.SERVICE)) {
            return null;
        }
        var owners = new HashSet<>(Set.of(Owner.PLATFORM.name()));
        caller.tenant().ifPresent(owners::add);
        return owners;
    }

    /** Operators own everything. */
    static boolean owns(Caller caller, String repository) {
        return caller.is(Role.OPERATOR)
                || caller.tenant().filter(Owner.of(repository)::isTenant).isPresent();
    }
}
