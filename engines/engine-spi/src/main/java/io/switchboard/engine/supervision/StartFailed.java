package io.switchboard.engine.supervision;

/** A task could not be started; trying again later may work. The message is for people. */
public final class StartFailed extends Exception {

    private static final long serialVersionUID = 1L;

    public StartFailed(String message) {
        super(message);
    }
}
