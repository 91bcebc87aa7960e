package io.switchboard.scheduling.rollout;

import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.Goal;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.deployment.Traffic.Draining;
import io.switchboard.scheduling.rollout.Step.PublishSnapshot;
import io.switchboard.scheduling.task.Drained;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses the next step. The rules, in order:
 *
 * <ol>
 *   <li>The balancer hears at once which tasks serve. A task that should go is listed as draining, as long as the ready
 *       ones beside it are as many as are wanted; a task that was never listed may go at once.
 *   <li>A draining task is asked to finish its calls once the balancer has taken that over, and stopped once it has
 *       none; it never comes back into service.
 *   <li>New tasks come up beside old ones, up to {@code surge} more than wanted in all.
 * </ol>
 */
final class Decision {

    /** So often a task may end before it is ready until that is called stuck. */
    private static final int HOPELESS_RESTARTS = 2;

    private final Deployment deployment;
    private final Observed seen;
    private final RolloutProperties limits;
    private final Optional<Revision> wanted;
    private final int wantedTasks;
    private final List<Placed> live;

    /** A task that runs and wasn't told to stop. */
    private record Placed(String workload, boolean current, boolean draining, boolean served, Task task) {

        boolean is(Task.State state) {
            return task.state() == state;
        }

        /** Carries new calls now, and should go on to. */
        boolean serves() {
            return !draining && is(Task.State.READY);
        }
    }

    Decision(Deployment deployment, Observed seen, RolloutProperties limits) {
        this.deployment = deployment;
        this.seen = seen;
        this.limits = limits;
        this.wanted = deployment.goal() == Goal.RUN ? deployment.wanted() : Optional.empty();
        this.wantedTasks = wanted.isPresent() ? deployment.wantedTasks() : 0;
        this.live = live();
    }

    Step next() {
        if (deployment.goal() == Goal.NOTHING) {
            return new Step.Nothing();
        }
        if (deployment.told().status() instanceof DeploymentStatus.Removed
                && deployment.told().settled()) {
            return new Step.Nothing();
        }
        return toPublish()
                .or(this::toStop)
                .or(this::toRemove)
                .or(this::toStart)
                .or(this::toDrain)
                .orElseGet(this::waiting);
    }

    private List<Placed> live() {
        var draining = deployment.traffic().draining();
        var served = served();
        var placed = new ArrayList<Placed>();
        for (var revision : deployment.revisions()) {
            boolean current = wanted.filter(revision::equals).isPresent();
            for (var task : seen.of(revision.workload())) {
                if (task.state() != Task.State.STOPPING) {
                    placed.add(new Placed(
                            revision.workload(),
                            current,
                            draining.containsKey(task.id()),
                            served.contains(task.id()),
                            task));
                }
            }
        }
        return placed;
    }

    private Set<String> served() {
        return deployment.traffic().tasks().stream().map(ServingTask::id).collect(Collectors.toSet());
    }

    // --- telling the balancer

    private Optional<Step> toPublish() {
        var leaving = leaving();
        var serving = live.stream()
                .filter(one -> one.draining() || one.served() || one.is(Task.State.READY))
                .map(one -> serving(one, leaving.contains(one)))
                .toList();
        if (leaving.isEmpty()
                && Set.copyOf(serving).equals(Set.copyOf(deployment.traffic().tasks()))) {
            return Optional.empty();
        }
        return Optional.of(new PublishSnapshot(
                serving, leaving.stream().map(one -> one.task().id()).collect(Collectors.toSet())));
    }

    /**
     * An unhealthy task gets nothing new and keeps what it has: it may be only slow. It is ready again when it says so,
     * unless it drains for good.
     */
    private static ServingTask serving(Placed one, boolean leaving) {
        boolean ready = one.serves() && !leaving;
        return new ServingTask(
                one.task().id(),
                one.task().host(),
                one.task().ports(),
                ready ? TaskSnapshot.State.READY : TaskSnapshot.State.DRAINING);
    }

    /** Tasks that should go and must finish their calls first: those that serve, and those that did. */
    private List<Placed> leaving() {
        int spare = (int) live.stream().filter(Placed::serves).count() - wantedTasks;
        var leaving = new ArrayList<Placed>();
        for (var one : surplus()) {
            if (one.draining() || !(one.served() || one.is(Task.State.READY))) {
                continue;
            }
            if (!one.serves()) {
                leaving.add(one);
            } else if (spare > 0) {
                leaving.add(one);
                spare--;
            }
        }
        return leaving;
    }

    /** All tasks of old workloads, and those the wanted one has too many of; those that serve nobody first. */
    private List<Placed> surplus() {
        var old = live.stream().filter(one -> !one.current());
        var kept = live.stream().filter(one -> one.current() && !one.draining()).toList();
        var tooMany = youngestFirst(kept).limit(Math.max(0, kept.size() - wantedTasks));
        return Stream.concat(old, tooMany).toList();
    }

    /** Not yet ready before unhealthy before ready; among equals the youngest, which has had the least time for calls. */
    private static Stream<Placed> youngestFirst(List<Placed> oldestFirst) {
        var reversed = new ArrayList<>(oldestFirst);
        Collections.reverse(reversed);
        return reversed.stream()
                .sorted(Comparator.comparingInt(one -> switch (one.task().state()) {
                    case STARTING -> 0;
                    case UNHEALTHY -> 1;
                    case READY, STOPPING -> 2;
                }));
    }

    // --- stopping

    private Optional<Step> toStop() {
        var done = live.stream().filter(this::mayStop).toList();
        return done.stream()
                .map(Placed::workload)
                .findFirst()
                .map(workload -> new Step.StopTasks(
                        workload,
                        done.stream()
                                .filter(one -> one.workload().equals(workload))
                                .map(one -> one.task().id())
                                .collect(Collectors.toSet())));
    }

    private boolean mayStop(Placed one) {
        var drain = deployment.traffic().draining().get(one.task().id());
        if (drain == null) {
            // Never listed as ready, so nobody can have sent it a call.
            return !one.served() && !one.is(Task.State.READY) && surplus().contains(one);
        }
        if (!released(drain) || drain.askedAt().isEmpty()) {
            return false;
        }
        if (passed(drain.askedAt().get(), limits.drainLimit())) {
            return true;
        }
        var answer = seen.drained().get(one.task().id());
        return answer instanceof Drained.Idle || answer instanceof Drained.NotAsked;
    }

    /** Whether the balancer sends a draining task nothing new, or was silent for too long. */
    private boolean released(Draining drain) {
        return !limits.awaitBalancer()
                || deployment.traffic().routeSequence() >= drain.sequence()
                || passed(drain.since(), limits.balancerLimit());
    }

    private Optional<Step> toRemove() {
        return deployment.revisions().stream()
                .filter(revision -> wanted.filter(revision::equals).isEmpty())
                .map(Revision::workload)
                .filter(workload ->
                        seen.tasks().containsKey(workload) && seen.of(workload).isEmpty())
                .findFirst()
                .map(Step.RemoveWorkload::new);
    }

    // --- starting

    private Optional<Step> toStart() {
        if (!startsMissing() || seen.started() || seen.obstacle().isPresent()) {
            return Optional.empty();
        }
        return wanted.map(revision -> new Step.EnsureWorkload(revision.number(), target()));
    }

    private boolean startsMissing() {
        return wanted.isPresent() && live.stream().filter(Placed::current).count() < target();
    }

    /** Tasks of the wanted workload, draining ones included, as old ones leave room for them. */
    private int target() {
        int old = (int) live.stream().filter(one -> !one.current()).count();
        int finishing = (int)
                live.stream().filter(one -> one.current() && one.draining()).count();
        int room = wantedTasks + limits.surge() - old - finishing;
        return Math.max(0, Math.min(wantedTasks, room)) + finishing;
    }

    // --- draining

    private Optional<Step> toDrain() {
        var ids = live.stream()
                .map(one -> one.task().id())
                .filter(id -> {
                    var drain = deployment.traffic().draining().get(id);
                    return drain != null && drain.askedAt().isEmpty() && released(drain);
                })
                .collect(Collectors.toSet());
        return ids.isEmpty() ? Optional.empty() : Optional.of(new Step.Drain(ids));
    }

    // --- waiting

    private Step waiting() {
        if (wanted.isEmpty()) {
            return seen.tasks().isEmpty() ? new Step.FinishRemoval() : ending();
        }
        if (startsMissing() && seen.obstacle().isPresent()) {
            return blocked(seen.obstacle().get());
        }
        long fresh =
                live.stream().filter(Placed::current).filter(Placed::serves).count();
        if (fresh < wantedTasks) {
            return stale() || crashes() ? new Step.ReportStuck(stuck(fresh)) : new Step.AwaitTasks(starting(fresh));
        }
        if (awaitsBalancer()) {
            return balancer(areReady(wantedTasks));
        }
        long draining = live.stream().filter(Placed::draining).count();
        if (draining > 0) {
            return new Step.AwaitCalls(rolling("%s; %s.".formatted(areReady(wantedTasks), finishing(draining))));
        }
        if (!onlyTheWantedRun()) {
            return stopping();
        }
        return new Step.ReportSteady(new DeploymentStatus.Steady(
                wantedTasks,
                limits.awaitBalancer()
                        ? "%s, and the balancer sends calls.".formatted(areReady(wantedTasks))
                        : areReady(wantedTasks) + "."));
    }

    /** What a deployment waits for that is to be removed. */
    private Step ending() {
        long draining = live.stream().filter(Placed::draining).count();
        if (draining == 0) {
            return stopping();
        }
        return awaitsBalancer()
                ? balancer("The instance ends")
                : new Step.AwaitCalls(rolling("The instance ends; %s.".formatted(finishing(draining))));
    }

    private Step stopping() {
        var message = "Old tasks are stopping.";
        return stale()
                ? new Step.ReportStuck(new DeploymentStatus.Stuck(ready(), wantedTasks, message))
                : new Step.AwaitTasks(rolling(message));
    }

    private boolean onlyTheWantedRun() {
        int all = seen.tasks().values().stream().mapToInt(List::size).sum();
        return all == wantedTasks && live.size() == wantedTasks;
    }

    private boolean awaitsBalancer() {
        if (!limits.awaitBalancer()) {
            return false;
        }
        var traffic = deployment.traffic();
        return traffic.draining().isEmpty()
                ? traffic.routeSequence() < traffic.sequence()
                : traffic.draining().values().stream().anyMatch(drain -> !released(drain));
    }

    private Step balancer(String sofar) {
        boolean silent = passed(deployment.traffic().publishedAt(), limits.balancerPatience());
        var message = silent
                ? "%s, but the balancer has not taken that over for more than %s; old tasks go on until it does."
                        .formatted(sofar, words(limits.balancerPatience()))
                : "%s; waiting for the balancer to take that over.".formatted(sofar);
        return silent && stale()
                ? new Step.ReportStuck(new DeploymentStatus.Stuck(ready(), wantedTasks, message))
                : new Step.AwaitBalancer(rolling(message));
    }

    private Step blocked(Observed.Obstacle obstacle) {
        var message = "%s; %s.".formatted(readyOf(ready(), "task"), obstacle.reason());
        return obstacle.lasting() || stale()
                ? new Step.ReportStuck(new DeploymentStatus.Stuck(ready(), wantedTasks, message))
                : new Step.AwaitTasks(rolling(message));
    }

    /** Tasks that take new calls, old ones included, as far as they are wanted. */
    private int ready() {
        return (int) Math.min(wantedTasks, live.stream().filter(Placed::serves).count());
    }

    private DeploymentStatus starting(long fresh) {
        boolean replaces = live.stream().anyMatch(one -> !one.current());
        return rolling(
                replaces
                        ? readyOf(fresh, "new task") + "; old ones take the calls meanwhile."
                        : readyOf(fresh, "task") + "; "
                                + seen.shortfall()
                                        .orElse(wantedTasks == 1 ? "it is starting" : "the others are starting")
                                + ".");
    }

    private DeploymentStatus stuck(long fresh) {
        var reason = notReady()
                .max(Comparator.comparingInt(one -> one.task().restarts()))
                .map(one -> one.task().restarts() > 0
                        ? "one of them, started %d times: %s"
                                .formatted(one.task().restarts() + 1, one.task().message())
                        : "one of them: " + one.task().message())
                .or(seen::shortfall)
                .orElse("the engine has not started the others");
        var since = stale() ? ", and no progress for " + words(limits.patience()) : "";
        return new DeploymentStatus.Stuck(
                ready(), wantedTasks, "%s%s; %s.".formatted(readyOf(fresh, "task"), since, reason));
    }

    /** Whether a task ended again and again before it was ready: waiting won't help it. */
    private boolean crashes() {
        return notReady().anyMatch(one -> one.task().restarts() >= HOPELESS_RESTARTS);
    }

    private Stream<Placed> notReady() {
        return live.stream().filter(one -> one.current() && !one.is(Task.State.READY));
    }

    private String readyOf(long ready, String what) {
        return "%d of %d %s ready".formatted(ready, wantedTasks, what + (wantedTasks == 1 ? "" : "s"));
    }

    private DeploymentStatus rolling(String message) {
        return new DeploymentStatus.RollingOut(ready(), wantedTasks, message);
    }

    private boolean stale() {
        return passed(deployment.told().progressAt(), limits.patience());
    }

    private boolean passed(Instant since, Duration time) {
        return !seen.now().isBefore(since.plus(time));
    }

    private static String areReady(int tasks) {
        return tasks == 1 ? "1 task is ready" : tasks + " tasks are ready";
    }

    private static String finishing(long tasks) {
        return tasks == 1
                ? "1 task finishes its calls before it stops"
                : tasks + " tasks finish their calls before they stop";
    }

    private static String words(Duration time) {
        return time.toMinutes() > 0 && time.toSecondsPart() == 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }
}
