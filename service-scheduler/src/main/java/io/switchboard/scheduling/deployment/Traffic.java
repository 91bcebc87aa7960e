package io.switchboard.scheduling.deployment;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the balancer was told.
 *
 * @param sequence of the last task snapshot, 0 before the first
 * @param publishedAt when that was
 * @param routeSequence of the last snapshot the balancer has taken over, 0 before the first
 * @param routeAt when it said so, {@link Instant#EPOCH} before the first
 * @param tasks the last snapshot's tasks
 * @param draining tasks that finish their calls and never get new ones, by task id
 */
public record Traffic(
        long sequence,
        Instant publishedAt,
        long routeSequence,
        Instant routeAt,
        List<ServingTask> tasks,
        Map<String, Draining> draining) {

    public Traffic {
        tasks = List.copyOf(tasks);
        draining = Map.copyOf(draining);
    }

    /**
     * @param sequence of the first snapshot that listed the task as draining
     * @param since when that was
     * @param askedAt when the task was first asked to finish its calls; absent before
     * @param unhurried whether it may take as long as its calls last, and nothing waits for it
     */
    public record Draining(
            long sequence,
            Instant since,
            Optional<Instant> askedAt,
            // Absent in what earlier versions stored.
            @JsonSetter(nulls = Nulls.AS_EMPTY) boolean unhurried) {}

    /** Tasks that something waits for, until they have finished their calls. */
    public List<Draining> awaited() {
        return draining.values().stream().filter(drain -> !drain.unhurried()).toList();
    }

    /** Whether a task is there that is to go on. */
    public boolean staysOn(String host) {
        return tasks.stream().anyMatch(task -> task.host().equals(host) && !draining.containsKey(task.id()));
    }

    /** Whether the task may take its time. */
    public boolean lingers(String taskId) {
        var drain = draining.get(taskId);
        return drain != null && drain.unhurried();
    }

    static Traffic none(Instant now) {
        return new Traffic(0, now, 0, Instant.EPOCH, List.of(), Map.of());
    }

    Traffic published(List<ServingTask> serving, Iterable<String> newlyDraining, boolean unhurried, Instant now) {
        long next = sequence + 1;
        var all = new HashMap<>(draining);
        newlyDraining.forEach(id -> all.putIfAbsent(id, new Draining(next, now, Optional.empty(), unhurried)));
        all.keySet().retainAll(serving.stream().map(ServingTask::id).toList());
        return new Traffic(next, now, routeSequence, routeAt, serving, all);
    }

    Traffic asked(Iterable<String> ids, Instant now) {
        var all = new HashMap<>(draining);
        ids.forEach(id -> all.computeIfPresent(
                id,
                (key, drain) -> new Draining(drain.sequence(), drain.since(), Optional.of(now), drain.unhurried())));
        return new Traffic(sequence, publishedAt, routeSequence, routeAt, tasks, all);
    }

    Traffic takenOver(long upTo, Instant at) {
        return upTo > routeSequence ? new Traffic(sequence, publishedAt, upTo, at, tasks, draining) : this;
    }
}
