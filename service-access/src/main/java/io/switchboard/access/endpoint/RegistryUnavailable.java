package io.switchboard.access.endpoint;

import org.jspecify.annotations.Nullable;

/** The store of endpoints gave no answer; the same call may succeed later. */
public final class RegistryUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RegistryUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
