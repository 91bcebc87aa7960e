package io.switchboard.engine;

import java.util.Optional;

/** How engines log in where they pull images. Asked before each pull, so that short-lived tokens work. */
@FunctionalInterface
public interface PullCredentials {

    /** @param registry host and port, as in an image's reference; the answer is empty for pulls without a login */
    Optional<Login> forRegistry(String registry);

    record Login(String username, String password) {

        @Override
        public String toString() {
            return "Login[" + username + "]";
        }
    }
}
