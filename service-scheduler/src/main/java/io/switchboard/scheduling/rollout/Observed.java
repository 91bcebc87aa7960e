package io.switchboard.scheduling.rollout;

import io.switchboard.engine.Task;
import io.switchboard.scheduling.task.Drained;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was seen of a deployment at one moment.
 *
 * @param now that moment
 * @param tasks by workload, for each revision of the deployment; oldest task first
 * @param drained answers of tasks that were asked to finish their calls, by task id
 * @param started whether the engine took on the wanted workload a moment ago, so that asking again tells nothing new
 * @param obstacle why the wanted workload can't be started now
 * @param shortfall why the engine runs fewer tasks of the wanted workload than it was told to
 */
record Observed(
        Instant now,
        Map<String, List<Task>> tasks,
        Map<String, Drained> drained,
        boolean started,
        Optional<Obstacle> obstacle,
        Optional<String> shortfall) {

    Observed {
        tasks = Map.copyOf(tasks);
        drained = Map.copyOf(drained);
    }

    /**
     * @param reason in words, without a full stop
     * @param lasting whether waiting alone won't help
     */
    record Obstacle(String reason, boolean lasting) {}

    List<Task> of(String workload) {
        return tasks.getOrDefault(workload, List.of());
    }
}
