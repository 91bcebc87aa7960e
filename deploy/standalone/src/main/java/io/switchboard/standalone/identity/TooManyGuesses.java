package io.switchboard.standalone.identity;

import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/** The password was not looked at, because too many wrong ones came before it. */
final class TooManyGuesses extends AuthenticationException {

    private final transient Duration delay;

    TooManyGuesses(Duration delay) {
        super("too many wrong passwords");
        this.delay = delay;
    }

    /** Until the next try is looked at, in whole seconds, rounded up. */
    long seconds() {
        return delay.plusMillis(999).toSeconds();
    }
}
