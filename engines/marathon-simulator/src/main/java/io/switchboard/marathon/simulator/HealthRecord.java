package io.switchboard.marathon.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What one health check has shown of an instance; kept over restarts of its task, as Marathon does. */
final class HealthRecord {

    private final int check;
    private boolean alive;
    private int failures;
    private @Nullable Instant firstSuccess;
    private @Nullable Instant lastSuccess;
    private @Nullable Instant lastFailure;
    private @Nullable String lastFailureCause;

    HealthRecord(int check) {
        this.check = check;
    }

    /** Its place in the app's list. */
    int check() {
        return check;
    }

    boolean alive() {
        return alive;
    }

    int failures() {
        return failures;
    }

    void passed(Instant at) {
        alive = true;
        failures = 0;
        firstSuccess = firstSuccess == null ? at : firstSuccess;
        lastSuccess = at;
    }

    /** @param counts whether the start grace is over */
    void failed(Instant at, String cause, boolean counts) {
        alive = false;
        if (counts) {
            failures++;
            lastFailure = at;
            lastFailureCause = cause;
        }
    }

    boolean everPassed() {
        return firstSuccess != null;
    }

    ObjectNode json(String instanceId) {
        ObjectNode json = Json.object();
        json.put("alive", alive).put("consecutiveFailures", failures);
        put(json, "firstSuccess", firstSuccess);
        json.put("instanceId", "instance [" + instanceId + "]");
        put(json, "lastSuccess", lastSuccess);
        put(json, "lastFailure", lastFailure);
        if (lastFailureCause != null) {
            json.put("lastFailureCause", lastFailureCause);
        }
        return json;
    }

    private static void put(ObjectNode json, String field, @Nullable Instant at) {
        if (at != null) {
            json.put(field, Json.timestamp(at));
        }
    }
}
