package io.switchboard.scheduling.rollout;

import io.switchboard.contracts.scheduling.RolloutsApi.Phase;
import io.switchboard.contracts.scheduling.RolloutsApi.Phase.State;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Course;
import io.switchboard.scheduling.deployment.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a rollout does from its beginning to its end, and how far it is. */
final class RolloutPlan {

    private RolloutPlan() {}

    /** @param tasks those that the engine runs, by workload */
    static List<Phase> of(Deployment deployment, Map<String, List<Task>> tasks) {
        if (deployment.told().settled()) {
            return List.of();
        }
        var fleet = new Fleet(deployment, tasks, Map.of());
        if (fleet.wanted().isEmpty()) {
            return List.of(stopping(deployment, fleet.toGo(), true));
        }
        var phases = new ArrayList<Phase>();
        var canary = deployment.course().way().canary();
        canary.ifPresent(trial -> addTrial(phases, deployment, fleet, trial));
        boolean trial = canary.isPresent();
        int wanted = fleet.wantedTasks();
        phases.add(new Phase(
                "Have %d %s of revision %d: %d ready"
                        .formatted(wanted, word(wanted), deployment.desired().revision(), fleet.fresh()),
                trial ? State.TO_COME : fleet.fresh() < wanted ? State.UNDER_WAY : State.DONE));
        phases.add(
                trial
                        ? new Phase(stopping(deployment, fleet.toGo(), false).what(), State.TO_COME)
                        : stopping(deployment, fleet.toGo(), fleet.fresh() >= wanted));
        return phases;
    }

    private static void addTrial(List<Phase> phases, Deployment deployment, Fleet fleet, Course.Canary trial) {
        int owed = fleet.besideTrial();
        if (owed > 0) {
            int ready = fleet.count(one -> one.serves() && !fleet.inWanted(one));
            phases.add(new Phase(
                    "Have %d old %s carry the load ordered during the trial: %d ready"
                            .formatted(owed, word(owed), ready),
                    ready < owed ? State.UNDER_WAY : State.DONE));
        }
        int tried = fleet.wantedNow();
        boolean begun = trial.since().isPresent();
        phases.add(new Phase(
                "Start %d %s of revision %d on trial: %d ready"
                        .formatted(tried, word(tried), deployment.desired().revision(), Math.min(fleet.fresh(), tried)),
                begun ? State.DONE : State.UNDER_WAY));
        phases.add(new Phase(
                "Let them carry calls for %d min and compare them with the old ones"
                        .formatted(trial.time().toMinutes()),
                begun ? State.UNDER_WAY : State.TO_COME));
    }

    private static Phase stopping(Deployment deployment, int old, boolean underWay) {
        boolean forced = deployment.course().way().haste().forced();
        var once = forced ? "" : ", each once its calls have ended or its time is up";
        var what = "Stop the old tasks%s: %d left".formatted(once, old);
        return new Phase(what, old == 0 ? State.DONE : underWay ? State.UNDER_WAY : State.TO_COME);
    }

    private static String word(int tasks) {
        return tasks == 1 ? "task" : "tasks";
    }
}
