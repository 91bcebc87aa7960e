package io.switchboard.configfiles;

/** The command can't be done; the message says why and what to do, without any value. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Refused(String message) {
        super(message);
    }
}
