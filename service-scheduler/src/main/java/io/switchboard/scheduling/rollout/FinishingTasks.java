package io.switchboard.scheduling.rollout;

import io.switchboard.contracts.scheduling.RolloutsApi.Finishing;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.deployment.Traffic.Draining;
import io.switchboard.scheduling.task.Calls;
import io.switchboard.scheduling.task.TaskProtocol;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Which tasks finish their calls, and how many they still have, for people who wait for them. */
@Component
class FinishingTasks {

    private final TaskProtocol protocol;

    FinishingTasks(TaskProtocol protocol) {
        this.protocol = protocol;
    }

    /**
     * Longest first. All are asked at once, so that it takes as long as the slowest answer.
     *
     * @param running by workload
     */
    List<Finishing> of(Deployment deployment, Map<String, List<Task>> running) {
        try (var asking = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = deployment.revisions().stream()
                    .flatMap(revision -> running.getOrDefault(revision.workload(), List.of()).stream()
                            .flatMap(task -> draining(deployment, task)
                                    .map(drain -> CompletableFuture.supplyAsync(
                                            () -> new Finishing(task.id(), drain.since(), calls(revision, task)),
                                            asking))))
                    .toList();
            return asked.stream()
                    .map(CompletableFuture::join)
                    .sorted(Comparator.comparing(Finishing::since).thenComparing(Finishing::taskId))
                    .toList();
        }
    }

    private static Stream<Draining> draining(Deployment deployment, Task task) {
        return Stream.ofNullable(deployment.traffic().draining().get(task.id()));
    }

    private Optional<Integer> calls(Revision revision, Task task) {
        return protocol.calls(revision, task) instanceof Calls.Counted counted
                ? Optional.of(counted.active())
                : Optional.empty();
    }
}
