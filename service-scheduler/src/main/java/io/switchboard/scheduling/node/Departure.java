package io.switchboard.scheduling.node;

import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.NodesApi.Leaving;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.Goal;

/** How far an instance is that has to leave a node, and what keeps it there. */
final class Departure {

    private Departure() {}

    /**
     * @param host the node
     * @param tasks its tasks there
     * @param wantedThere whether the wanted revision has tasks there, so that another one has to replace it yet
     */
    static Leaving of(Deployment one, String host, int tasks, boolean wantedThere) {
        var told = one.told();
        if (one.goal() != Goal.RUN) {
            return moves(one, tasks, told.status().message());
        }
        var pause = one.course().pause();
        if (pause.isPresent()) {
            return blocked(
                    one,
                    tasks,
                    "It is %s; it moves once it is resumed."
                            .formatted(pause.get().words()));
        }
        if (one.course().way().canary().isPresent()) {
            return blocked(
                    one,
                    tasks,
                    "Revision %d is on trial; it moves once the trial is over, promoted or aborted."
                            .formatted(one.desired().revision()));
        }
        if (told.status() instanceof DeploymentStatus.Stuck stuck) {
            return blocked(one, tasks, "It is stuck: " + stuck.message());
        }
        if (told.settled()) {
            return moves(
                    one,
                    tasks,
                    one.traffic().staysOn(host)
                            ? "Its move is about to begin."
                            : told.status().message());
        }
        return moves(
                one,
                tasks,
                (wantedThere ? "It moves after the rollout that is under way: " : "")
                        + told.status().message());
    }

    private static Leaving moves(Deployment one, int tasks, String why) {
        return leaving(one, tasks, false, why);
    }

    private static Leaving blocked(Deployment one, int tasks, String why) {
        return leaving(one, tasks, true, why);
    }

    private static Leaving leaving(Deployment one, int tasks, boolean blocked, String why) {
        var instance = one.instance();
        return new Leaving(instance.id(), instance.tenant(), instance.name(), tasks, blocked, why);
    }
}
