package io.switchboard.configclient;

import java.util.Optional;

/**
 * What one setting, or all below one prefix, was before a release and is with it.
 *
 * @param before empty if it was not set
 * @param after empty if it is not set any more
 */
public record Change<T>(Optional<T> before, Optional<T> after) {

    /** Without the values: they may be secrets. */
    @Override
    public String toString() {
        if (before.isEmpty()) {
            return "Change[set]";
        }
        return after.isEmpty() ? "Change[no longer set]" : "Change[another value]";
    }
}
