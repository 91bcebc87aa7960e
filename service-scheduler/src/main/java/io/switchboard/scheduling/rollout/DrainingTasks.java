package io.switchboard.scheduling.rollout;

import io.switchboard.contracts.scheduling.RolloutsApi.DrainingTask;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.task.AskedTasks;
import io.switchboard.scheduling.task.Calls;
import io.switchboard.scheduling.task.TaskProtocol;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Which tasks drain, and how many calls they still have, for people who wait for them. */
@Component
class DrainingTasks {

    private final TaskProtocol protocol;

    DrainingTasks(TaskProtocol protocol) {
        this.protocol = protocol;
    }

    /**
     * Those that have drained longest first. It takes as long as the slowest answer of one.
     *
     * @param running by workload
     */
    List<DrainingTask> of(Deployment deployment, Map<String, List<Task>> running) {
        var draining = deployment.traffic().draining();
        var calls = AskedTasks.of(
                deployment.revisions(),
                running,
                task -> draining.containsKey(task.id()) && task.state() != Task.State.STOPPING,
                protocol::calls);
        return draining.entrySet().stream()
                .flatMap(drain -> Stream.ofNullable(calls.get(drain.getKey()))
                        .map(told -> new DrainingTask(
                                drain.getKey(), drain.getValue().since(), counted(told))))
                .sorted(Comparator.comparing(DrainingTask::since).thenComparing(DrainingTask::taskId))
                .toList();
    }

    private static Optional<Integer> counted(Calls calls) {
        return calls instanceof Calls.Counted counted ? Optional.of(counted.active()) : Optional.empty();
    }
}
