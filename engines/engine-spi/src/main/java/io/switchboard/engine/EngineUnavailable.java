package io.switchboard.engine;

/** The engine gave no answer; the same call may succeed later. */
public final class EngineUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public EngineUnavailable(String engine, Throwable cause) {
        super("engine '" + engine + "' gave no answer: " + cause.getMessage(), cause);
    }
}
