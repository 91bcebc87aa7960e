package io.switchboard.scheduling.deployment;

import io.switchboard.scheduling.deployment.Deployment.Desired;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * How a deployment gets to what is desired, as far as that isn't plain.
 *
 * @param lastRevision the highest revision number ever given, 0 before the first; numbers only grow, also over a rollback
 * @param pause while it is there, nothing new is started or drained
 * @param forced whether this rollout waits neither for calls nor for the balancer any longer
 * @param retiring tasks of the wanted revision that make room for fresh ones, by id
 * @param canary the trial that the wanted revision has yet to pass
 * @param fallback what was desired when every task was last as it should be; a rollout that is aborted goes back there
 * @param dependsOn instances that have to be as they should be before a new revision's first tasks start
 * @param cut calls that a task still had when it was stopped, by task id, in this rollout
 */
public record Course(
        long lastRevision,
        Optional<Pause> pause,
        boolean forced,
        Set<String> retiring,
        Optional<Canary> canary,
        Optional<Desired> fallback,
        Set<UUID> dependsOn,
        Map<String, Integer> cut) {

    public Course {
        dependsOn = Set.copyOf(dependsOn);
        retiring = Set.copyOf(retiring);
        cut = Map.copyOf(cut);
    }

    /** @param by whose wish it is: {@code an operator} or {@code the tenant} */
    public record Pause(String by, Instant since) {}

    /**
     * Some tasks of a new revision carry calls beside the old ones and are judged by how well they do.
     *
     * @param tasks how many, at least 1
     * @param time how long they carry calls at least
     * @param since when all of them began to; absent before
     */
    public record Canary(int tasks, Duration time, Optional<Instant> since) {}

    static Course none() {
        return new Course(0, Optional.empty(), false, Set.of(), Optional.empty(), Optional.empty(), Set.of(), Map.of());
    }

    Course after(Set<UUID> others) {
        return new Course(lastRevision, pause, forced, retiring, canary, fallback, others, cut);
    }

    /** Calls that were cut, over all tasks. */
    public int cutCalls() {
        return cut.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** For another rollout, of the given revision; it is tried only where there is something to go back to. */
    Course begin(long revision, Optional<Canary> trial, Optional<Desired> back) {
        return new Course(
                Math.max(lastRevision, revision),
                pause,
                false,
                retiring,
                back.flatMap(known -> trial),
                back,
                dependsOn,
                Map.of());
    }

    /** No longer as it should be, without any wish for a change: an order that comes now may go back there. */
    Course leaving(Desired steady) {
        return new Course(lastRevision, pause, forced, retiring, canary, Optional.of(steady), dependsOn, cut);
    }

    /** Whether nothing is noted that was only needed on the way. */
    public boolean hasArrived() {
        return equals(arrived());
    }

    /** With everything as it should be: what was on the way is done. */
    Course arrived() {
        return new Course(lastRevision, pause, false, Set.of(), Optional.empty(), Optional.empty(), dependsOn, cut);
    }

    Course paused(Optional<Pause> now) {
        return new Course(lastRevision, now, forced, retiring, canary, fallback, dependsOn, cut);
    }

    Course force() {
        return new Course(lastRevision, Optional.empty(), true, retiring, canary, fallback, dependsOn, cut);
    }

    Course retire(Set<String> tasks) {
        var all = new HashSet<>(retiring);
        all.addAll(tasks);
        return new Course(lastRevision, pause, forced, all, canary, fallback, dependsOn, cut);
    }

    Course trial(Optional<Canary> next) {
        return new Course(lastRevision, pause, forced, retiring, next, fallback, dependsOn, cut);
    }

    /** A task that is counted already keeps its figure, so that the count may be repeated. */
    Course cut(Map<String, Integer> calls) {
        var all = new HashMap<>(calls);
        all.putAll(cut);
        return new Course(lastRevision, pause, forced, retiring, canary, fallback, dependsOn, all);
    }
}
