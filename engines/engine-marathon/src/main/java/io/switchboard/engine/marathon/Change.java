package io.switchboard.engine.marathon;

import io.switchboard.engine.Workload;
import java.util.Set;

/** What somebody wants done. */
sealed interface Change {

    String workload();

    /** @param wanted with the number of tasks */
    record Ensure(Workload wanted) implements Change {

        @Override
        public String workload() {
            return wanted.name();
        }
    }

    record Stop(String workload, Set<String> taskIds) implements Change {

        public Stop {
            taskIds = Set.copyOf(taskIds);
        }
    }

    record Remove(String workload) implements Change {}
}
