package io.switchboard.image.repository;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;

/** Which repositories a caller may know of, and which are its own; the same rule that tokens follow. */
final class Visibility {

    private static final String PLATFORM = "platform/";

    private Visibility() {}

    static boolean sees(Caller caller, String repository) {
        return caller.is(Role.OPERATOR)
                || caller.is(Role.SERVICE)
                || repository.startsWith(PLATFORM)
                || owns(caller, repository);
    }

    /** Operators own everything. */
    static boolean owns(Caller caller, String repository) {
        return caller.is(Role.OPERATOR)
                || !repository.startsWith(PLATFORM)
                        && caller.tenant()
                                .filter(tenant -> repository.startsWith(tenant + "/"))
                                .isPresent();
    }
}
