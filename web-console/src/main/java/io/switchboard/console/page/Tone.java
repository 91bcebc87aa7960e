package io.switchboard.console.page;

import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.SchedulerApi.TaskView;

/** How a state is coloured; the words stand beside it always. */
public enum Tone {
    GOOD,
    BUSY,
    BAD,
    QUIET;

    public static Tone of(InstanceView.State state) {
        return switch (state) {
            case RUNNING -> GOOD;
            case OPENING, CHANGING -> BUSY;
            case STUCK -> BAD;
            case DELETING, DELETED -> QUIET;
        };
    }

    public static Tone of(OrderState state) {
        return switch (state) {
            case COMPLETED -> GOOD;
            case ACCEPTED, IN_PROGRESS -> BUSY;
            case FAILED -> BAD;
        };
    }

    public static Tone of(TaskView.State state) {
        return switch (state) {
            case READY -> GOOD;
            case STARTING, DRAINING -> BUSY;
            case UNHEALTHY -> BAD;
            case STOPPING -> QUIET;
        };
    }

    public static Tone of(DeploymentStatus status) {
        return switch (status) {
            case DeploymentStatus.Steady steady -> GOOD;
            case DeploymentStatus.Planned planned -> BUSY;
            case DeploymentStatus.RollingOut rollingOut -> BUSY;
            case DeploymentStatus.Stuck stuck -> BAD;
            case DeploymentStatus.RolledBack back -> BAD;
            case DeploymentStatus.Refused refused -> BAD;
            case DeploymentStatus.Removed removed -> QUIET;
        };
    }
}
