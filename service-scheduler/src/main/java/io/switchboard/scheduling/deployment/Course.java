package io.switchboard.scheduling.deployment;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.Nulls;
import io.switchboard.scheduling.deployment.Deployment.Desired;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * How a deployment gets to what is desired, as far as that isn't plain.
 *
 * @param lastRevision the highest revision number ever given, 0 before the first; numbers only grow, also over a rollback
 * @param dependsOn instances that have to be as they should be before a new revision's first tasks start
 * @param pause while it is there, nothing new is started or drained
 * @param way what is noted until everything is as desired
 */
public record Course(
        long lastRevision,
        Set<UUID> dependsOn,
        Optional<Pause> pause,
        @JsonUnwrapped Way way) {

    public Course {
        dependsOn = Set.copyOf(dependsOn);
    }

    /** @param by whose wish it is: {@code an operator} or {@code the tenant} */
    public record Pause(String by, Instant since) {

        /** For sentences: {@code paused by the tenant since 2026-01-01 10:00:00 UTC}. */
        public String words() {
            return "paused by %s since %s".formatted(by, dateAndTime(since));
        }
    }

    /**
     * What only matters on the way from one revision to another.
     *
     * @param canary the trial that the wanted revision has yet to pass
     * @param fallback what was desired when every task was last as it should be; a rollout that is aborted goes back there
     * @param retiring tasks of the wanted revision that make room for fresh ones, by id
     */
    public record Way(
            Optional<Canary> canary,
            Optional<Desired> fallback,
            Set<String> retiring,
            @JsonUnwrapped Haste haste) {

        public Way {
            retiring = Set.copyOf(retiring);
        }

        static Way none() {
            return new Way(Optional.empty(), Optional.empty(), Set.of(), Haste.USUAL);
        }
    }

    /**
     * How long calls are waited for, and what became of those that were not.
     *
     * @param forced whether this rollout waits neither for calls nor for the balancer any longer
     * @param unhurried whether tasks that it sends away may take as long as their calls last, and nothing waits for them
     * @param cut calls that a task still had when it was stopped, by task id
     */
    public record Haste(
            boolean forced,
            // Absent in what earlier versions stored.
            @JsonSetter(nulls = Nulls.AS_EMPTY) boolean unhurried,
            Map<String, Integer> cut) {

        private static final Haste USUAL = new Haste(false, false, Map.of());

        public Haste {
            cut = Map.copyOf(cut);
        }

        /** Calls that were cut, over all tasks. */
        public int cutCalls() {
            return cut.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /**
     * Some tasks of a new revision carry calls beside the old ones and are judged by how well they do.
     *
     * @param tasks how many, at least 1
     * @param time how long they carry calls at least
     * @param since when all of them began to; absent before
     * @param order that wanted it, and fails with it; absent if it was wanted by hand
     * @param beside tasks that carry calls beside them, for a load that was ordered meanwhile; absent if none was
     */
    public record Canary(
            int tasks, Duration time, Optional<Instant> since, Optional<UUID> order, Optional<Integer> beside) {

        /** One that is wanted by hand. */
        public static Canary of(int tasks, Duration time) {
            return new Canary(tasks, time, Optional.empty(), Optional.empty(), Optional.empty());
        }

        Canary since(Instant now) {
            return new Canary(tasks, time, Optional.of(now), order, beside);
        }

        Canary anew() {
            return new Canary(tasks, time, Optional.empty(), order, beside);
        }

        Canary beside(int old) {
            return new Canary(tasks, time, since, order, Optional.of(old));
        }
    }

    static Course none() {
        return new Course(0, Set.of(), Optional.empty(), Way.none());
    }

    Course after(Set<UUID> others) {
        return new Course(lastRevision, others, pause, way);
    }

    /** For another rollout, of the given revision; it is tried only where there is something to go back to. */
    Course begin(long revision, Optional<Canary> trial, Optional<Desired> back) {
        return new Course(
                Math.max(lastRevision, revision),
                dependsOn,
                pause,
                new Way(back.flatMap(known -> trial), back, way.retiring(), Haste.USUAL));
    }

    /** With another place to go back to. */
    Course backTo(Desired steady) {
        return with(new Way(way.canary(), Optional.of(steady), way.retiring(), way.haste()));
    }

    /** Whether nothing is noted that was only needed on the way. */
    public boolean hasArrived() {
        return equals(arrived());
    }

    /** With everything as it should be: what was on the way is done, and what was cut stays told. */
    Course arrived() {
        return with(new Way(
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                new Haste(false, false, way.haste().cut())));
    }

    Course paused(Optional<Pause> now) {
        return new Course(lastRevision, dependsOn, now, way);
    }

    Course force() {
        return paused(Optional.empty()).with(new Haste(true, false, way.haste().cut()));
    }

    /** Where tasks are only too many. */
    Course unhurried() {
        return with(new Haste(false, true, way.haste().cut()));
    }

    Course retire(Set<String> tasks) {
        var all = new HashSet<>(way.retiring());
        all.addAll(tasks);
        return with(new Way(way.canary(), way.fallback(), all, way.haste()));
    }

    Course trial(Optional<Canary> next) {
        return with(new Way(next, way.fallback(), way.retiring(), way.haste()));
    }

    /** A task that is counted already keeps its figure, so that the count may be repeated. */
    Course cut(Map<String, Integer> calls) {
        var all = new HashMap<>(calls);
        all.putAll(way.haste().cut());
        return with(new Haste(way.haste().forced(), way.haste().unhurried(), all));
    }

    private Course with(Haste other) {
        return with(new Way(way.canary(), way.fallback(), way.retiring(), other));
    }

    private Course with(Way other) {
        return new Course(lastRevision, dependsOn, pause, other);
    }

    /** As it stands in what is told: {@code 2026-01-01 10:00:00 UTC}. */
    public static String dateAndTime(Instant at) {
        return String.format(Locale.ROOT, "%tF %<tT UTC", at.atZone(ZoneOffset.UTC));
    }
}
