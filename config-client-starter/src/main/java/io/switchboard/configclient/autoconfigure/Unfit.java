package io.switchboard.configclient.autoconfigure;

/** Why the application can't take a release over; the message holds no values. */
final class Unfit extends Exception {

    private static final long serialVersionUID = 1L;

    Unfit(String message) {
        super(message);
    }
}
