package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.scheduling.RolloutsApi.Phase;
import io.switchboard.contracts.scheduling.RolloutsApi.Phase.State;
import io.switchboard.engine.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a rollout does from its beginning to its end, and how far it is. */
final class RolloutPlan {

    private RolloutPlan() {}

    /** @param tasks those that the engine runs, by workload */
    static List<Phase> of(Deployment deployment, Map<String, List<Task>> tasks) {
        if (deployment.told().settled()) {
            return List.of();
        }
        var wanted = deployment.goal() == Goal.RUN ? deployment.wanted() : Optional.<Revision>empty();
        int fresh = 0;
        int old = 0;
        for (var revision : deployment.revisions()) {
            for (var task : tasks.getOrDefault(revision.workload(), List.of())) {
                boolean stays = wanted.filter(revision::equals).isPresent()
                        && !deployment.course().retiring().contains(task.id())
                        && !deployment.traffic().draining().containsKey(task.id());
                if (!stays) {
                    old++;
                } else if (task.state() == Task.State.READY) {
                    fresh++;
                }
            }
        }
        return wanted.isPresent() ? running(deployment, fresh, old) : List.of(stopping(old, true));
    }

    private static List<Phase> running(Deployment deployment, int fresh, int old) {
        int tasks = deployment.desired().tasks();
        long revision = deployment.desired().revision();
        var phases = new ArrayList<Phase>();
        deployment.course().canary().ifPresent(canary -> {
            int tried = Math.min(canary.tasks(), tasks);
            phases.add(new Phase(
                    "Start %d %s of revision %d on trial: %d ready"
                            .formatted(tried, word(tried), revision, Math.min(fresh, tried)),
                    canary.since().isPresent() ? State.DONE : State.UNDER_WAY));
            phases.add(new Phase(
                    "Let them carry calls for %d min and compare them with the old ones"
                            .formatted(canary.time().toMinutes()),
                    canary.since().isPresent() ? State.UNDER_WAY : State.TO_COME));
        });
        boolean trial = deployment.course().canary().isPresent();
        phases.add(new Phase(
                "Have %d %s of revision %d: %d ready".formatted(tasks, word(tasks), revision, fresh),
                trial ? State.TO_COME : fresh < tasks ? State.UNDER_WAY : State.DONE));
        phases.add(trial ? new Phase(stopping(old, false).what(), State.TO_COME) : stopping(old, fresh >= tasks));
        return phases;
    }

    private static Phase stopping(int old, boolean underWay) {
        var what = "Stop the old tasks, each once its calls have ended: %d left".formatted(old);
        return new Phase(what, old == 0 ? State.DONE : underWay ? State.UNDER_WAY : State.TO_COME);
    }

    private static String word(int tasks) {
        return tasks == 1 ? "task" : "tasks";
    }
}
