package io.switchboard.configclient.delivery;

/** The config center gave no usable answer; the message says why in plain words and holds no values. */
public final class CenterFailure extends Exception {

    private static final long serialVersionUID = 1L;

    CenterFailure(String message) {
        super(message);
    }
}
