package io.switchboard.scheduling.rollout;

import io.switchboard.engine.Task;
import io.switchboard.scheduling.task.Calls;
import io.switchboard.scheduling.task.Drained;
import io.switchboard.scheduling.task.Quality;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What was seen of a deployment at one moment.
 *
 * @param now that moment
 * @param tasks by workload, for each revision of the deployment; oldest task first
 * @param drained answers of tasks that were asked to finish their calls, by task id
 * @param calls how many calls tasks carry, of those that were asked in this pass, by task id
 * @param qualities how well tasks serve, of those that were asked in this pass and say so, by task id
 * @param started workloads that the engine took on a moment ago, so that asking again tells nothing new
 * @param obstacle why the wanted workload can't be started now
 * @param shortfall why the engine runs fewer tasks of the wanted workload than it was told to
 * @param awaited the instance that has to be as it should be before new tasks start, by name
 */
record Observed(
        Instant now,
        Map<String, List<Task>> tasks,
        Map<String, Drained> drained,
        Map<String, Calls> calls,
        Optional<Map<String, Quality>> qualities,
        Set<String> started,
        Optional<Obstacle> obstacle,
        Optional<String> shortfall,
        Optional<String> awaited) {

    Observed {
        tasks = Map.copyOf(tasks);
        drained = Map.copyOf(drained);
        calls = Map.copyOf(calls);
        started = Set.copyOf(started);
        qualities = qualities.map(Map::copyOf);
    }

    /** Of which nothing else is known than the tasks. */
    static Observed only(Map<String, List<Task>> tasks, Instant now) {
        return new Observed(
                now,
                tasks,
                Map.of(),
                Map.of(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * @param reason in words, without a full stop
     * @param lasting whether waiting alone won't help
     */
    record Obstacle(String reason, boolean lasting) {}

    /** The figures of those tasks that say how well they serve. */
    List<Quality> qualityOf(Stream<Fleet.Placed> tasks) {
        var known = qualities.orElse(Map.of());
        return tasks.map(Fleet.Placed::id)
                .filter(known::containsKey)
                .map(known::get)
                .toList();
    }

    /** Whether something that began then has lasted so long by now. */
    boolean passed(Instant since, Duration time) {
        return !now.isBefore(since.plus(time));
    }

    List<Task> of(String workload) {
        return tasks.getOrDefault(workload, List.of());
    }
}
