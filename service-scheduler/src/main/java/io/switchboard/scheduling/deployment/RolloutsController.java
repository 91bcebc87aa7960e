package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.scheduling.RolloutsApi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RolloutsController implements RolloutsApi {

    private final VisibleDeployments visible;
    private final JdbcDeployments deployments;
    private final Interventions interventions;
    private final RunningTasks tasks;

    RolloutsController(
            VisibleDeployments visible, JdbcDeployments deployments, Interventions interventions, RunningTasks tasks) {
        this.visible = visible;
        this.deployments = deployments;
        this.interventions = interventions;
        this.tasks = tasks;
    }

    @Override
    public RolloutView rollout(UUID instanceId, @Nullable Caller caller) {
        return view(visible.one(instanceId, caller));
    }

    @Override
    public RolloutView pause(UUID instanceId, @Nullable Caller caller) {
        return intervene(instanceId, caller, new Intervention.Pause(who(caller)));
    }

    @Override
    public RolloutView resume(UUID instanceId, @Nullable Caller caller) {
        return intervene(instanceId, caller, new Intervention.Resume());
    }

    @Override
    public RolloutView abort(UUID instanceId, @Nullable Caller caller) {
        return intervene(instanceId, caller, new Intervention.Abort(who(caller)));
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
                .map(JdbcDeployments.Kept::revision)
                .filter(one -> one.number() == request.revision())
                .findFirst()
                .orElseThrow(() -> new Problem(
                        RolloutProblem.UNKNOWN_REVISION,
                        "Revision %d isn't there, or not kept any more.".formatted(request.revision())));
        var canary = Optional.ofNullable(request.canary())
                .map(asked -> new Course.Canary(asked.tasks(), Duration.ofMinutes(asked.minutes()), Optional.empty()));
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
        var after = interventions.carryOut(() -> visible.one(instanceId, caller), intervention, who(caller));
        try {
            return view(after);
        } catch (Problem silent) {
            // It is stored; a refusal would say that it is not.
            return view(after, List.of());
        }
    }

    private static String who(@Nullable Caller caller) {
        return caller != null && caller.is(Role.OPERATOR) ? "an operator" : "the tenant";
    }

    private RolloutView view(Deployment one) {
        return view(one, RolloutPlan.of(one, tasks.of(one)));
    }

    private static RolloutView view(Deployment one, List<Phase> plan) {
        var course = one.course();
        return new RolloutView(
                one.id(),
                one.desired().revision(),
                !one.told().settled(),
                plan,
                course.pause().map(pause -> new Pause(pause.by(), pause.since())),
                course.canary()
                        .map(canary -> new Trial(
                                Math.min(canary.tasks(), one.desired().tasks()),
                                (int) canary.time().toMinutes(),
                                canary.since())),
                course.fallback().map(Deployment.Desired::revision),
                course.cutCalls(),
                one.told().status());
    }
}
