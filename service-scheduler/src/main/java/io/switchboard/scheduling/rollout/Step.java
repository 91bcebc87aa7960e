package io.switchboard.scheduling.rollout;

import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Deployment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One move from what runs towards what should; or what there is to wait for. */
sealed interface Step {

    /** Tell the balancer which tasks serve; those newly draining never get a call again. */
    record PublishSnapshot(List<ServingTask> serving, Set<String> newlyDraining) implements Step {}

    /** Note that these tasks, which the balancer leaves alone by now, are asked to finish their calls. */
    record Drain(Set<String> tasks) implements Step {}

    /** Ask tasks how many calls they carry, to choose among them. */
    record CountCalls(Set<String> tasks) implements Step {}

    /** Ask tasks how well they serve, to compare new ones with old ones. */
    record AskQuality(Set<String> tasks) implements Step {}

    /** Note how many calls end with their tasks, before those are stopped. */
    record NoteCut(Map<String, Integer> calls) implements Step {}

    /** Stop tasks that carry no call, or had all the time there is. */
    record StopTasks(String workload, Set<String> tasks) implements Step {}

    /** Have the engine forget an old workload without tasks. */
    record RemoveWorkload(String workload) implements Step {}

    /** Have the engine run a revision's workload with so many tasks; never fewer than run now. */
    record EnsureWorkload(long revision, int tasks) implements Step {}

    /** Note that the tasks on trial all carry calls from now on. */
    record BeginCanary() implements Step {}

    /** Let the other tasks follow those that were on trial. */
    record PassCanary() implements Step {}

    /** Go back to what was desired before. */
    record RollBack(String why) implements Step {}

    /** Note that everything is as desired, so that nothing of the way there is needed any more. */
    record Arrive() implements Step {}

    /** Say that nothing is left of a deployment that was to be removed. */
    record FinishRemoval() implements Step {}

    /** Nothing to do by oneself: the status says what for. */
    sealed interface Waiting extends Step {
        DeploymentStatus status();
    }

    record AwaitTasks(DeploymentStatus status) implements Waiting {}

    record AwaitBalancer(DeploymentStatus status) implements Waiting {}

    record AwaitCalls(DeploymentStatus status) implements Waiting {}

    record AwaitCanary(DeploymentStatus status) implements Waiting {}

    record AwaitResume(DeploymentStatus status) implements Waiting {}

    record ReportStuck(DeploymentStatus status) implements Waiting {}

    /** Everything is as it should be. */
    record ReportSteady(DeploymentStatus status) implements Waiting {}

    /** Removed, or never was. */
    record Nothing() implements Step {}

    /** The next step only; what follows is decided afresh, from what is seen by then. */
    static Step next(Deployment deployment, Observed observed, RolloutProperties limits) {
        return new Decision(deployment, observed, limits).next();
    }

    /** What there is to say of a deployment that was changed a moment ago, before anybody has acted on it. */
    static DeploymentStatus outlook(
            Deployment deployment, Map<String, List<Task>> tasks, Instant now, RolloutProperties limits) {
        return new Decision(deployment, Observed.only(tasks, now), limits).outlook();
    }

    /** What to say while the engine can't be asked; nothing is known of the tasks, so nothing else is done. */
    static Waiting whileSilent(Deployment deployment, String reason, Instant now, RolloutProperties limits) {
        int ready = switch (deployment.told().status()) {
            case DeploymentStatus.RollingOut(int count, int wanted, String message) -> count;
            case DeploymentStatus.Stuck(int count, int wanted, String message) -> count;
            case DeploymentStatus.Steady(int count, String message) -> count;
            case DeploymentStatus.Planned planned -> 0;
            case DeploymentStatus.RolledBack back -> 0;
            case DeploymentStatus.Refused refused -> 0;
            case DeploymentStatus.Removed removed -> 0;
        };
        int wanted = deployment.desired().tasks();
        var message = "Waiting: " + reason + ".";
        return now.isBefore(deployment.told().progressAt().plus(limits.patience()))
                ? new AwaitTasks(new DeploymentStatus.RollingOut(Math.min(ready, wanted), wanted, message))
                : new ReportStuck(new DeploymentStatus.Stuck(Math.min(ready, wanted), wanted, message));
    }
}
