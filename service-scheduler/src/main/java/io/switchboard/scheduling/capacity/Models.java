package io.switchboard.scheduling.capacity;

import io.switchboard.capacity.model.Kind;
import java.util.Optional;

/** The consumption models in force. */
interface Models {

    /** What is known of the work when this image does it for this tenant, from the nearest that was measured. */
    Optional<KnownWork> find(Kind kind, String image, String tenant);
}
