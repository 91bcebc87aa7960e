package io.switchboard.configprotocol;

/** Something sealed does not open; the message says why and holds nothing of it. */
public final class CannotOpen extends Exception {

    private static final long serialVersionUID = 1L;

    public CannotOpen(String message) {
        super(message);
    }
}
