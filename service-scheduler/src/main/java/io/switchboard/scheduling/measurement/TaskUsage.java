package io.switchboard.scheduling.measurement;

import io.switchboard.engine.Task;
import io.switchboard.engine.Usage;
import java.util.Optional;

/** What tasks use, as far as it tells of the calls they carry. */
public interface TaskUsage {

    /** Whether anything measures tasks here at all. */
    boolean isMeasured();

    /** What was last measured; good for one round. */
    Latest latest();

    @FunctionalInterface
    interface Latest {
        /** Empty if nothing was measured for the task lately, or only its start, which takes more than its calls. */
        Optional<Usage> of(Task task);
    }
}
