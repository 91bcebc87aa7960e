package io.switchboard.configclient.test;

/** The application stays at the release before; the message says why, without values. */
public final class ReleaseRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReleaseRefused(String message) {
        super(message);
    }
}
