package io.switchboard.scheduling.rollout;

import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Course;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.Goal;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.task.Calls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tasks of a deployment that run and weren't told to stop, oldest revision first, and which of them should go. */
final class Fleet {

    /**
     * @param revision of the deployment that it runs
     * @param current whether it is one of the wanted revision's that may stay
     * @param draining whether it finishes its calls for good
     * @param listed whether the balancer was told of it
     */
    record Placed(String workload, long revision, boolean current, boolean draining, boolean listed, Task task) {

        String id() {
            return task.id();
        }

        boolean is(Task.State state) {
            return task.state() == state;
        }

        /** Carries new calls now, and should go on to. */
        boolean serves() {
            return !draining && is(Task.State.READY);
        }
    }

    /** Who goes next, or whose calls have to be counted before that can be said. */
    sealed interface Leaving {

        record Known(List<Placed> tasks) implements Leaving {}

        record Uncounted(Set<String> tasks) implements Leaving {}
    }

    private final Deployment deployment;
    private final Map<String, Calls> calls;
    private final Optional<Revision> wanted;
    private final int wantedTasks;
    private final List<Placed> live;
    private final int stopping;

    /**
     * @param tasks those that the engine runs, by workload
     * @param calls how many they carry, as far as that is known
     */
    Fleet(Deployment deployment, Map<String, List<Task>> tasks, Map<String, Calls> calls) {
        this.deployment = deployment;
        this.calls = calls;
        this.wanted = deployment.goal() == Goal.RUN ? deployment.wanted() : Optional.empty();
        this.wantedTasks = wanted.isPresent() ? deployment.desired().tasks() : 0;
        this.live = live(tasks);
        this.stopping = tasks.values().stream().mapToInt(List::size).sum() - live.size();
    }

    private List<Placed> live(Map<String, List<Task>> tasks) {
        var draining = deployment.traffic().draining();
        var listed = deployment.traffic().tasks().stream().map(ServingTask::id).collect(Collectors.toSet());
        var placed = new ArrayList<Placed>();
        for (var revision : deployment.revisions()) {
            boolean isWanted = wanted.filter(revision::equals).isPresent();
            for (var task : tasks.getOrDefault(revision.workload(), List.of())) {
                if (task.state() != Task.State.STOPPING) {
                    placed.add(new Placed(
                            revision.workload(),
                            revision.number(),
                            isWanted && !deployment.course().way().retiring().contains(task.id()),
                            draining.containsKey(task.id()),
                            listed.contains(task.id()),
                            task));
                }
            }
        }
        return placed;
    }

    Optional<Revision> wanted() {
        return wanted;
    }

    List<Placed> live() {
        return live;
    }

    int count(Predicate<Placed> which) {
        return (int) live.stream().filter(which).count();
    }

    /** Tasks that are wanted in all. */
    int wantedTasks() {
        return wantedTasks;
    }

    /** Tasks that don't stay, until the last of them is gone. */
    int toGo() {
        return stopping + count(one -> !lingers(one) && (!one.current() || one.draining()));
    }

    /** Tasks of the wanted revision that should run now: all, or those on trial. */
    int wantedNow() {
        return deployment
                .course()
                .way()
                .canary()
                .map(canary -> Math.min(canary.tasks(), wantedTasks))
                .orElse(wantedTasks);
    }

    /** Tasks of the wanted revision that take new calls. */
    int fresh() {
        return count(one -> one.current() && one.serves());
    }

    /** Tasks that the wanted workload should have now, those that leave it included, as old ones make room for them. */
    int target(int surge) {
        int finishing = count(one -> inWanted(one) && (one.draining() || !one.current()));
        int room = most(surge) - count(one -> !inWanted(one)) - finishing;
        return Math.max(0, Math.min(wantedNow(), room)) + finishing;
    }

    /** Whether it may take as long to go as its calls last. The end of an instance doesn't wait for that. */
    boolean lingers(Placed one) {
        return wanted.isPresent() && deployment.traffic().lingers(one.id());
    }

    /** Tasks that may run in all. */
    private int most(int surge) {
        return Math.max(wantedTasks, besideTrial()) + surge + count(this::lingers);
    }

    /** Tasks that have to carry calls beside those on trial, for a load that was ordered meanwhile. */
    int besideTrial() {
        return deployment.course().way().canary().flatMap(Course.Canary::beside).orElse(0);
    }

    /** More tasks for the revision that a trial would go back to. */
    record Growth(Revision revision, int tasks) {}

    /** What is missing beside the tasks on trial; whatever they are worth, the load is there. */
    Optional<Growth> growth(int surge) {
        int missing =
                Math.min(besideTrial() - count(one -> !inWanted(one) && !one.draining()), most(surge) - live.size());
        return missing <= 0
                ? Optional.empty()
                : deployment
                        .course()
                        .way()
                        .fallback()
                        .flatMap(back -> deployment.revision(back.revision()))
                        .map(revision -> new Growth(
                                revision, count(one -> one.workload().equals(revision.workload())) + missing));
    }

    boolean lacksTasks(int surge) {
        return wanted.isPresent() && count(this::inWanted) < target(surge);
    }

    /** Whether it runs the wanted revision, also if it is to be replaced. */
    boolean inWanted(Placed one) {
        return wanted.filter(revision -> revision.workload().equals(one.workload()))
                .isPresent();
    }

    /**
     * Tasks that should go and must finish their calls first. Of those that carry calls, the ones that are done soonest
     * go first, and never so many that fewer than wanted are left.
     */
    Leaving leaving() {
        var surplus = surplus();
        if (surplus instanceof Leaving.Uncounted) {
            return surplus;
        }
        var candidates = ((Leaving.Known) surplus)
                .tasks().stream()
                        .filter(one -> !one.draining() && (one.listed() || one.is(Task.State.READY)))
                        .toList();
        var leaving =
                new ArrayList<>(candidates.stream().filter(one -> !one.serves()).toList());
        var serving = candidates.stream().filter(Placed::serves).toList();
        int spare = Math.clamp(count(Placed::serves) - wantedTasks, 0, serving.size());
        if (spare > 0 && spare < serving.size()) {
            var uncounted = uncounted(serving);
            if (!uncounted.isEmpty()) {
                return new Leaving.Uncounted(uncounted);
            }
        }
        serving.stream().sorted(soonestDone()).limit(spare).forEach(leaving::add);
        return new Leaving.Known(leaving);
    }

    /** Whether nobody can have sent it a call and it should go. */
    boolean mayGoAtOnce(Placed one) {
        return !one.draining()
                && !one.listed()
                && !one.is(Task.State.READY)
                && surplus() instanceof Leaving.Known(List<Placed> tasks)
                && tasks.contains(one);
    }

    /** All tasks that aren't current, unless they are what new ones are compared with, and the current ones too many. */
    private Leaving surplus() {
        if (deployment.course().pause().isPresent() && wanted.isPresent()) {
            return new Leaving.Known(List.of());
        }
        boolean trial = deployment.course().way().canary().isPresent();
        var old = live.stream().filter(one -> !one.current() && !trial);
        var kept = live.stream().filter(one -> one.current() && !one.draining()).toList();
        int tooMany = kept.size() - wantedNow();
        if (tooMany <= 0) {
            return new Leaving.Known(old.toList());
        }
        var serving = kept.stream().filter(Placed::serves).toList();
        int servingTooMany = tooMany - (kept.size() - serving.size());
        if (servingTooMany > 0 && servingTooMany < serving.size()) {
            var uncounted = uncounted(serving);
            if (!uncounted.isEmpty()) {
                return new Leaving.Uncounted(uncounted);
            }
        }
        var first = Comparator.<Placed>comparingInt(one -> switch (one.task().state()) {
                    case STARTING -> 0;
                    case UNHEALTHY -> 1;
                    case READY, STOPPING -> 2;
                })
                .thenComparing(soonestDone());
        return new Leaving.Known(
                Stream.concat(old, kept.stream().sorted(first).limit(tooMany)).toList());
    }

    private Set<String> uncounted(List<Placed> tasks) {
        return tasks.stream()
                .map(Placed::id)
                .filter(id -> !calls.containsKey(id))
                .collect(Collectors.toSet());
    }

    /** Whose calls end soonest; among equals the youngest, which has had the least time for calls. */
    private Comparator<Placed> soonestDone() {
        return Comparator.<Placed>comparingDouble(one -> switch (calls.get(one.id())) {
                    case Calls.Counted counted -> counted.secondsToGo();
                    case Calls.Unknown unknown -> Double.MAX_VALUE;
                    case null -> Double.MAX_VALUE;
                })
                .thenComparing(one -> one.task().startedAt(), Comparator.reverseOrder())
                .thenComparing(Comparator.<Placed>comparingInt(live::indexOf).reversed());
    }
}
