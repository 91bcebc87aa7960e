package io.switchboard.configclient.autoconfigure;

import java.util.List;

/** Some of the settings that say where the configuration is are there, others are not. */
final class IncompleteCoordinates extends RuntimeException {

    private static final long serialVersionUID = 1L;

    IncompleteCoordinates(List<String> missing) {
        super("missing: " + String.join(", ", missing));
    }
}
