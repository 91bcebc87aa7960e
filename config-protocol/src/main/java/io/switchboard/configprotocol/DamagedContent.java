package io.switchboard.configprotocol;

/** Bytes that are not what their format says: cut off, altered, or of a newer format. Its message holds no content. */
public final class DamagedContent extends Exception {

    private static final long serialVersionUID = 1L;

    DamagedContent(String message) {
        super(message);
    }
}
