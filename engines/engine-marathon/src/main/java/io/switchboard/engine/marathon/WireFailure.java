package io.switchboard.engine.marathon;

import org.jspecify.annotations.Nullable;

/** A call that was not answered. */
final class WireFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean mayHaveArrived;

    /** @param mayHaveArrived whether Marathon may have done what was asked */
    WireFailure(String message, boolean mayHaveArrived, @Nullable Throwable cause) {
        super(message, cause);
        this.mayHaveArrived = mayHaveArrived;
    }

    boolean mayHaveArrived() {
        return mayHaveArrived;
    }
}
