package io.switchboard.engine.marathon;

/** A later leader's adapter changes things now; this one must not any more. */
final class Superseded extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Superseded(String message) {
        super(message);
    }
}
