package io.switchboard.image.registry;

import java.time.Instant;
import java.util.Optional;

/**
 * A manifest was pushed or deleted, as the registry reported it. Reports may be lost, and come twice.
 *
 * @param actor who did it: an API key's id or a user's name
 */
public record RegistryEvent(Action action, String repository, String digest, Optional<String> actor, Instant at) {

    public enum Action {
        PUSH,
        DELETE
    }
}
