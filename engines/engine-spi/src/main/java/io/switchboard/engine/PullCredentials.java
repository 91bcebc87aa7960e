package io.switchboard.engine;

import java.util.Optional;

/** How engines log in where they pull images. Asked before each pull, so that short-lived tokens work. */
@FunctionalInterface
public interface PullCredentials {

    /** @param registry host and port, as in an image's reference; the answer is empty for pulls without a login */
    Optional<Login> forRegistry(String registry);

    /**
     * Engines ask this one, so that a credential may be good for one repository only.
     *
     * @param repository without the registry, tag and digest: {@code platform/acd}
     */
    default Optional<Login> forRepository(String registry, String repository) {
        return forRegistry(registry);
    }

    record Login(String username, String password) {

        @Override
        public String toString() {
            return "Login[" + username + "]";
        }
    }
}
