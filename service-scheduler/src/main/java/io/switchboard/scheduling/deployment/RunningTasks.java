package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** What the engine runs of deployments, for callers who wait for an answer. */
@Component
public class RunningTasks {

    private final Engine engine;

    RunningTasks(Engine engine) {
        this.engine = engine;
    }

    /**
     * By workload, for each revision of the deployment.
     *
     * @throws Problem {@link RequestProblem#UNAVAILABLE} if the engine gave no answer
     */
    public Map<String, List<Task>> of(Deployment one) {
        return answered(() -> {
            var tasks = new HashMap<String, List<Task>>();
            one.revisions().forEach(revision -> tasks.put(revision.workload(), engine.tasks(revision.workload())));
            return tasks;
        });
    }

    /** @throws Problem {@link RequestProblem#NOT_FOUND} if the deployment has no such task, or as {@link #of} */
    public void require(Deployment one, String taskId) {
        if (of(one).values().stream()
                .flatMap(List::stream)
                .noneMatch(task -> task.id().equals(taskId))) {
            throw new Problem(
                    RequestProblem.NOT_FOUND,
                    "Instance '%s' has no such task.".formatted(one.instance().name()));
        }
    }

    /** @throws Problem {@link RequestProblem#UNAVAILABLE} if the engine gave no answer to the question */
    public <T> T answered(Supplier<T> question) {
        try {
            return question.get();
        } catch (EngineUnavailable e) {
            throw new Problem(RequestProblem.UNAVAILABLE, "Engine '" + engine.name() + "' gave no answer.");
        }
    }
}
