package io.switchboard.scheduling.measurement;

import io.switchboard.engine.Task;
import io.switchboard.engine.Usage;
import java.util.Optional;

/** What tasks use, as far as it tells of the calls they carry. */
@FunctionalInterface
public interface TaskUsage {

    /** What was last measured; good for one round. */
    Look look();

    @FunctionalInterface
    interface Look {
        /** Empty if nothing was measured for the task lately, or only its start, which takes more than its calls. */
        Optional<Usage> of(Task task);
    }
}
