package io.switchboard.configclient.delivery;

import java.util.Optional;

/** The build of the application that runs, for the center to check drafts against what it takes. */
public interface Build {

    /** Another one for another build; can stand in a node's name. */
    String id();

    /** Its {@code ApplicationMetadata}; asked for only by whoever comes first with this build. Empty if there is too much. */
    Optional<byte[]> metadata();
}
