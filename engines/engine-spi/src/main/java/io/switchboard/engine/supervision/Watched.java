package io.switchboard.engine.supervision;

import io.switchboard.engine.supervision.ObservedTask.Ended;
import io.switchboard.engine.supervision.ObservedTask.Offending;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task with what its supervisor remembers of it.
 *
 * @param health {@link HealthRecord#NONE} if it has no health check
 * @param doom why it is to be replaced, if it is
 * @param killAt when to stop waiting for it to end, if it was told to
 * @param endedAt when it was first seen ended, if it has
 */
record Watched(
        ObservedTask task,
        HealthRecord health,
        @Nullable String doom,
        @Nullable Instant killAt,
        @Nullable Instant endedAt) {

    String id() {
        return task.id();
    }

    boolean doomed() {
        return doom != null;
    }

    /** Why it ended or will, in plain words. */
    String cause() {
        if (doom != null) {
            return doom;
        }
        return switch (task.condition()) {
            case Ended ended -> ended.why();
            case Offending offending -> offending.why();
            case ObservedTask.Alive alive -> "";
        };
    }

    /** Failures in a row, this one included. */
    int failures(Backoff backoff, boolean checked) {
        Instant end = endedAt == null ? task.launch().at() : endedAt;
        Duration readyFor =
                checked ? health.readyFor() : Duration.between(task.launch().at(), end);
        return backoff.failures(task.launch().failures(), readyFor);
    }
}
