package io.switchboard.console.session;

/** Nobody is signed in here any more; the page may be asked for again after signing in. */
public final class SignInNeeded extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SignInNeeded() {
        super("sign in to go on", null, false, false);
    }
}
