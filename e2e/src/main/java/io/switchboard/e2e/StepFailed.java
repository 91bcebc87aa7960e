package io.switchboard.e2e;

/** A step did not turn out as it should; the message says what was seen. */
public final class StepFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StepFailed(String message) {
        super(message);
    }
}
