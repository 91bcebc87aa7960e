package io.switchboard.scheduling.measurement;

import io.switchboard.engine.Usage;
import java.util.Optional;

/** Where it is known what tasks use. */
@FunctionalInterface
interface UsageSource {

    /** What was last measured; good for one round. */
    Look look();

    @FunctionalInterface
    interface Look {
        /** Empty if nothing was measured for the task. */
        Optional<Usage> of(String taskId);
    }
}
