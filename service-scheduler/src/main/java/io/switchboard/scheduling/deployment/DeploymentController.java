package io.switchboard.scheduling.deployment;

import static java.util.stream.Collectors.toMap;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.scheduling.SchedulerApi;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.engine.Engine;
import io.switchboard.engine.Task;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class DeploymentController implements SchedulerApi {

    private static final int USUAL_LINES = 200;

    private final Deployments deployments;
    private final VisibleDeployments visible;
    private final RunningTasks tasks;
    private final Engine engine;

    DeploymentController(Deployments deployments, VisibleDeployments visible, RunningTasks tasks, Engine engine) {
        this.deployments = deployments;
        this.visible = visible;
        this.tasks = tasks;
        this.engine = engine;
    }

    @Override
    public List<DeploymentView> deployments(@Nullable Caller caller) {
        return visible.all(caller).stream().map(this::view).toList();
    }

    @Override
    public DeploymentView deployment(UUID instanceId, @Nullable Caller caller) {
        return view(visible.one(instanceId, caller));
    }

    @Override
    public TaskLog log(UUID instanceId, String taskId, @Nullable Integer lines, @Nullable Caller caller) {
        var deployment = visible.one(instanceId, caller);
        int most = Limits.entries("lines", lines, USUAL_LINES);
        tasks.require(deployment, taskId);
        return new TaskLog(taskId, tasks.answered(() -> engine.logTail(taskId, most)));
    }

    @Override
    public List<TaskSnapshot> taskSnapshots() {
        return deployments.snapshots();
    }

    private DeploymentView view(Deployment one) {
        return new DeploymentView(
                one.id(),
                one.instance().tenant(),
                one.instance().name(),
                one.instance().serviceType(),
                image(one),
                one.desired().revision(),
                engine.name(),
                one.desired().tasks(),
                one.desired().perTask(),
                explanation(one.desired()),
                one.told().status(),
                one.told().changedAt(),
                tasks(one));
    }

    private static String image(Deployment one) {
        return one.wanted()
                .or(() -> one.revisions().stream().findFirst())
                .map(Revision::image)
                .orElse("");
    }

    private List<TaskView> tasks(Deployment one) {
        return tasks.answered(() -> one.revisions().stream()
                .flatMap(revision -> tasks(one, revision))
                .toList());
    }

    private Stream<TaskView> tasks(Deployment one, Revision revision) {
        return engine.tasks(revision.workload()).stream()
                .map(task -> new TaskView(
                        task.id(),
                        revision.number(),
                        state(one, task),
                        task.message(),
                        task.host(),
                        task.ports(),
                        task.startedAt(),
                        task.restarts(),
                        engine.usage(task.id())
                                .map(usage -> new Usage(usage.cpuMillis(), usage.memoryMib(), usage.at())),
                        media(task)));
    }

    private static Map<String, PortBlock> media(Task task) {
        return task.media().entrySet().stream()
                .collect(toMap(
                        Map.Entry::getKey,
                        block -> new PortBlock(
                                block.getValue().first(), block.getValue().last())));
    }

    private static TaskView.State state(Deployment one, Task task) {
        boolean draining = one.traffic().draining().containsKey(task.id());
        return switch (task.state()) {
            case STARTING -> TaskView.State.STARTING;
            case READY -> draining ? TaskView.State.DRAINING : TaskView.State.READY;
            case UNHEALTHY -> draining ? TaskView.State.DRAINING : TaskView.State.UNHEALTHY;
            case STOPPING -> TaskView.State.STOPPING;
        };
    }

    /** The plan's, and that there are other tasks than planned while these follow the load. */
    private static String explanation(Deployment.Desired desired) {
        return desired.ordered()
                .filter(ordered -> desired.goal() == Goal.RUN && ordered.tasks() != desired.tasks())
                .map(ordered -> "%s %d tasks at the moment, after the load, instead of %d."
                        .formatted(desired.explanation(), desired.tasks(), ordered.tasks()))
                .orElse(desired.explanation());
    }
}
