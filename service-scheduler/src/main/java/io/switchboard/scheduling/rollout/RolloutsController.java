package io.switchboard.scheduling.rollout;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.RolloutsApi;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Course;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.Deployments;
import io.switchboard.scheduling.deployment.Intervention;
import io.switchboard.scheduling.deployment.Interventions;
import io.switchboard.scheduling.deployment.Limits;
import io.switchboard.scheduling.deployment.RolloutProblem;
import io.switchboard.scheduling.deployment.RunningTasks;
import io.switchboard.scheduling.deployment.VisibleDeployments;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RolloutsController implements RolloutsApi {

    private final VisibleDeployments visible;
    private final Deployments deployments;
    private final Interventions interventions;
    private final RunningTasks tasks;
    private final DrainingTasks draining;
    private final RolloutProperties limits;
    private final Clock clock;

    RolloutsController(
            VisibleDeployments visible,
            Deployments deployments,
            Interventions interventions,
            RunningTasks tasks,
            DrainingTasks draining,
            RolloutProperties limits,
            Clock clock) {
        this.visible = visible;
        this.deployments = deployments;
        this.interventions = interventions;
        this.tasks = tasks;
        this.draining = draining;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public RolloutView rollout(UUID instanceId, @Nullable Caller caller) {
        return view(visible.one(instanceId, caller));
    }

    @Override
    public RolloutView pause(UUID instanceId, @Nullable Caller caller) {
        return intervene(instanceId, caller, new Intervention.Pause(Interventions.who(caller)));
    }

    @Override
    public RolloutView resume(UUID instanceId, @Nullable Caller caller) {
        return intervene(instanceId, caller, new Intervention.Resume());
    }

    @Override
    public RolloutView abort(UUID instanceId, @Nullable Caller caller) {
        return intervene(instanceId, caller, new Intervention.Abort(Interventions.who(caller)));
    }

    @Override
    public RolloutView promote(UUID instanceId, @Nullable Caller caller) {
        return intervene(instanceId, caller, new Intervention.Promote());
    }

    @Override
    public RolloutView force(UUID instanceId, @Nullable Caller caller) {
        return intervene(instanceId, caller, new Intervention.Force());
    }

    @Override
    public RolloutView rollBack(UUID instanceId, RollbackRequest request, @Nullable Caller caller) {
        visible.one(instanceId, caller);
        var to = deployments.history(instanceId).stream()
                .map(Deployments.Kept::revision)
                .filter(one -> one.number() == request.revision())
                .findFirst()
                .orElseThrow(() -> new Problem(
                        RolloutProblem.UNKNOWN_REVISION,
                        "Revision %d isn't there, or not kept any more.".formatted(request.revision())));
        var canary = Optional.ofNullable(request.canary())
                .map(asked -> Course.Canary.of(asked.tasks(), Duration.ofMinutes(asked.minutes())));
        return intervene(instanceId, caller, new Intervention.RollBack(to, canary));
    }

    @Override
    public RolloutView restart(UUID instanceId, String taskId, @Nullable Caller caller) {
        var deployment = visible.one(instanceId, caller);
        tasks.require(deployment, taskId);
        return intervene(instanceId, caller, new Intervention.Restart(taskId));
    }

    @Override
    public List<HistoryEntry> history(UUID instanceId, @Nullable Integer limit, @Nullable Caller caller) {
        visible.one(instanceId, caller);
        int most = Limits.entries("limit", limit, 100);
        return deployments.notes(instanceId, most).stream()
                .map(note -> new HistoryEntry(note.at(), note.text()))
                .toList();
    }

    @Override
    public List<RevisionView> revisions(UUID instanceId, @Nullable Caller caller) {
        var deployment = visible.one(instanceId, caller);
        return deployments.history(instanceId).stream()
                .map(kept -> new RevisionView(
                        kept.revision().number(),
                        kept.revision().image(),
                        kept.revision().perTask(),
                        kept.revision().number() == deployment.desired().revision(),
                        kept.createdAt(),
                        kept.retiredAt()))
                .toList();
    }

    private RolloutView intervene(UUID instanceId, @Nullable Caller caller, Intervention intervention) {
        var after =
                interventions.carryOut(() -> visible.one(instanceId, caller), intervention, Interventions.who(caller));
        var running = runningOf(after);
        return view(after, running.orElse(Map.of()), status(after, intervention, running));
    }

    /** Empty where the engine gives no answer: what was wanted is stored, and a refusal would say that it is not. */
    private Optional<Map<String, List<Task>>> runningOf(Deployment one) {
        try {
            return Optional.of(tasks.of(one));
        } catch (Problem silent) {
            return Optional.empty();
        }
    }

    /** What there is to say from now on; whoever carries it out has most likely not got to it. */
    private DeploymentStatus status(
            Deployment after, Intervention intervention, Optional<Map<String, List<Task>>> running) {
        var now = clock.instant();
        boolean told = intervention instanceof Intervention.Abort || intervention instanceof Intervention.RollBack;
        return told
                ? after.told().status()
                : running.map(known -> Step.outlook(after, known, now, limits))
                        .orElseGet(() -> Step.whileSilent(after, "the engine gave no answer", now, limits)
                                .status());
    }

    private RolloutView view(Deployment one) {
        return view(one, tasks.of(one), one.told().status());
    }

    private RolloutView view(Deployment one, Map<String, List<Task>> running, DeploymentStatus status) {
        var course = one.course();
        return new RolloutView(
                one.id(),
                one.desired().revision(),
                !one.told().settled(),
                running.isEmpty() ? List.of() : RolloutPlan.of(one, running),
                course.pause().map(pause -> new Pause(pause.by(), pause.since())),
                course.way()
                        .canary()
                        .map(canary -> new Trial(
                                Math.min(canary.tasks(), one.desired().tasks()),
                                (int) canary.time().toMinutes(),
                                canary.since())),
                course.way().fallback().map(Deployment.Desired::revision),
                draining.of(one, running),
                course.way().haste().cutCalls(),
                status);
    }
}
