package io.switchboard.scheduling.task;

import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Revision;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** Asks tasks all at once: one may take its time to answer, and the others don't wait for it. */
public final class AskedTasks {

    private AskedTasks() {}

    /**
     * Answers by task id.
     *
     * @param tasks by workload
     * @param which of them are asked
     */
    public static <T> Map<String, T> of(
            List<Revision> revisions,
            Map<String, List<Task>> tasks,
            Predicate<Task> which,
            BiFunction<Revision, Task, T> question) {
        if (tasks.values().stream().flatMap(List::stream).noneMatch(which)) {
            return Map.of();
        }
        var answers = new ConcurrentHashMap<String, T>();
        try (var askers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var revision : revisions) {
                tasks.getOrDefault(revision.workload(), List.of()).stream()
                        .filter(which)
                        .forEach(task -> askers.execute(() -> answers.put(task.id(), question.apply(revision, task))));
            }
        }
        return answers;
    }
}
