package io.switchboard.engine.marathon;

import mesosphere.marathon.client.model.v2.App;
import mesosphere.marathon.client.model.v2.HealthCheck;
import org.jspecify.annotations.Nullable;

/** The client's app with the fields of Marathon 1.10 that it lacks. Written by reflection, as its parent is. */
final class MarathonApp extends App {

    /** How long a task on a lost node counts. */
    record UnreachableStrategy(long inactiveAfterSeconds, long expungeAfterSeconds) {}

    private @Nullable UnreachableStrategy unreachableStrategy;
    private @Nullable String killSelection;
    private @Nullable String role;

    void setUnreachableStrategy(UnreachableStrategy strategy) {
        unreachableStrategy = strategy;
    }

    void setKillSelection(String selection) {
        killSelection = selection;
    }

    void setRole(@Nullable String name) {
        role = name;
    }

    @Nullable
    UnreachableStrategy getUnreachableStrategy() {
        return unreachableStrategy;
    }

    @Nullable
    String getKillSelection() {
        return killSelection;
    }

    @Nullable
    String getRole() {
        return role;
    }

    /** A check that Mesos makes on the task's node. */
    static final class NodeHealthCheck extends HealthCheck {

        private final int delaySeconds;

        NodeHealthCheck(int delaySeconds) {
            this.delaySeconds = delaySeconds;
        }

        int getDelaySeconds() {
            return delaySeconds;
        }
    }
}
