package io.switchboard.access.balancer;

import org.jspecify.annotations.Nullable;

/** The balancer gave no answer; the same call may succeed later. */
public final class BalancerUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BalancerUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
