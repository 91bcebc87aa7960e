package io.switchboard.engine.supervision;

import java.util.Set;

/** One thing to do for a workload. */
sealed interface Step {

    /** @param cause empty for a first start */
    record Start(int place, int restarts, int failures, String cause) implements Step {}

    record Terminate(ObservedTask task) implements Step {}

    record Kill(ObservedTask task) implements Step {}

    record Discard(ObservedTask task) implements Step {}

    /** There are more tasks than wanted: these stop. */
    record Surplus(Set<String> taskIds) implements Step {}

    /** The workload is removed and nothing of it is left. */
    record Forget() implements Step {}
}
