package io.switchboard.scheduling.rollout;

import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Course;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.Goal;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.deployment.Traffic.Draining;
import io.switchboard.scheduling.rollout.Fleet.Placed;
import io.switchboard.scheduling.task.Drained;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Chooses the next step. The rules, in order:
 *
 * <ol>
 *   <li>The balancer hears at once which tasks serve. A task that should go is listed as draining, as long as the ready
 *       ones beside it are as many as are wanted; a task that was never listed may go at once.
 *   <li>A draining task is asked to finish its calls once the balancer has taken that over, and stopped once it has
 *       none, or at the limit; it never comes back into service. One that is only too many lingers: it has no limit, and
 *       nothing waits for it.
 *   <li>New tasks come up beside old ones, up to {@code surge} more than wanted in all, lingering ones not counted.
 *   <li>A revision on trial gets a few tasks beside the old ones, which all stay until it has passed, and get more if
 *       more load is ordered meanwhile.
 *   <li>A pause lets go on what has begun, and begins nothing.
 * </ol>
 */
final class Decision {

    private final Deployment deployment;
    private final Observed seen;
    private final RolloutProperties limits;
    private final Fleet fleet;
    private final Report report;

    Decision(Deployment deployment, Observed seen, RolloutProperties limits) {
        this.deployment = deployment;
        this.seen = seen;
        this.limits = limits;
        this.fleet = new Fleet(deployment, seen.tasks(), seen.calls());
        this.report = new Report(deployment, seen, limits, fleet);
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

    /** What the next step is about, or what is waited for. */
    DeploymentStatus outlook() {
        return switch (next()) {
            case Step.Waiting waiting -> waiting.status();
            case Step.Nothing nothing -> deployment.told().status();
            default -> report.goesOn().status();
        };
    }

    // --- telling the balancer

    private Optional<Step> toPublish() {
        return switch (fleet.leaving()) {
            case Fleet.Leaving.Uncounted(Set<String> tasks) -> Optional.of(new Step.CountCalls(tasks));
            case Fleet.Leaving.Known(List<Placed> leaving) -> toPublish(leaving);
        };
    }

    private Optional<Step> toPublish(List<Placed> leaving) {
        var serving = fleet.live().stream()
                .filter(one -> one.draining() || one.listed() || one.is(Task.State.READY))
                .map(one -> serving(one, leaving.contains(one)))
                .toList();
        if (leaving.isEmpty()
                && Set.copyOf(serving).equals(Set.copyOf(deployment.traffic().tasks()))) {
            return Optional.empty();
        }
        return Optional.of(new Step.PublishSnapshot(
                serving, leaving.stream().map(Placed::id).collect(Collectors.toSet())));
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
                ready ? TaskSnapshot.State.READY : TaskSnapshot.State.DRAINING,
                one.revision());
    }

    // --- stopping

    private Optional<Step> toStop() {
        var done = fleet.live().stream().filter(this::mayStop).toList();
        if (done.isEmpty()) {
            return Optional.empty();
        }
        var cut = cut(done);
        if (!deployment.course().way().haste().cut().keySet().containsAll(cut.keySet())) {
            return Optional.of(new Step.NoteCut(cut));
        }
        var workload = done.getFirst().workload();
        return Optional.of(new Step.StopTasks(
                workload,
                done.stream()
                        .filter(one -> one.workload().equals(workload))
                        .map(Placed::id)
                        .collect(Collectors.toSet())));
    }

    private boolean mayStop(Placed one) {
        var drain = deployment.traffic().draining().get(one.id());
        if (drain == null) {
            return fleet.mayGoAtOnce(one);
        }
        if (!released(drain) || drain.askedAt().isEmpty()) {
            return false;
        }
        var answer = seen.drained().get(one.id());
        // One that hangs would never say that its calls have ended.
        boolean hangs = answer instanceof Drained.Silent && one.is(Task.State.UNHEALTHY);
        boolean limited = !fleet.lingers(one) || hangs;
        return deployment.course().way().haste().forced()
                || limited && seen.passed(drain.askedAt().get(), limits.drainLimit())
                || answer instanceof Drained.Idle
                || answer instanceof Drained.NotAsked;
    }

    /** Calls that end with their tasks, as far as those say so. */
    private Map<String, Integer> cut(List<Placed> done) {
        var cut = new HashMap<String, Integer>();
        for (var one : done) {
            if (seen.drained().get(one.id()) instanceof Drained.Busy(int calls)) {
                cut.put(one.id(), calls);
            }
        }
        return cut;
    }

    /** Whether the balancer sends a draining task nothing new, or was silent for too long. */
    private boolean released(Draining drain) {
        return !limits.awaitBalancer()
                || deployment.course().way().haste().forced()
                || deployment.traffic().routeSequence() >= drain.sequence()
                || seen.passed(drain.since(), limits.balancerLimit());
    }

    /** Whether callers whom the balancer sent before its last word have had time to say what they want. */
    private boolean calm() {
        return deployment.course().way().haste().forced()
                || seen.passed(deployment.traffic().routeAt(), limits.drainGrace());
    }

    /** Where this rollout may go back to stays known to the engine until it has arrived. */
    private Optional<Step> toRemove() {
        Predicate<Revision> kept =
                revision -> fleet.wanted().filter(revision::equals).isPresent()
                        || deployment
                                .course()
                                .way()
                                .fallback()
                                .filter(back -> back.revision() == revision.number())
                                .isPresent();
        return deployment.revisions().stream()
                .filter(kept.negate())
                .map(Revision::workload)
                .filter(workload ->
                        seen.tasks().containsKey(workload) && seen.of(workload).isEmpty())
                .findFirst()
                .map(Step.RemoveWorkload::new);
    }

    // --- starting

    private Optional<Step> toStart() {
        return deployment.course().pause().isPresent() || seen.obstacle().isPresent()
                ? Optional.empty()
                : toGrow().or(this::toStartWanted);
    }

    /** Load that was ordered during a trial doesn't wait for its end. */
    private Optional<Step> toGrow() {
        return fleet.growth(limits.surge())
                .filter(growth -> !seen.started().contains(growth.revision().workload()))
                .map(growth -> new Step.EnsureWorkload(growth.revision().number(), growth.tasks()));
    }

    private Optional<Step> toStartWanted() {
        return fleet.wanted()
                .filter(revision -> fleet.lacksTasks(limits.surge())
                        && !seen.started().contains(revision.workload())
                        && !awaitsAnother())
                .map(revision -> new Step.EnsureWorkload(revision.number(), fleet.target(limits.surge())));
    }

    /** A revision that runs already is scaled whatever the others do. */
    private boolean awaitsAnother() {
        return seen.awaited().isPresent()
                && !goesBack()
                && fleet.wanted()
                        .filter(revision -> seen.of(revision.workload()).isEmpty())
                        .isPresent();
    }

    /** An emergency waits for nobody. */
    private boolean goesBack() {
        return deployment
                .course()
                .way()
                .fallback()
                .filter(back -> back.revision() == deployment.desired().revision())
                .isPresent();
    }

    // --- draining

    private Optional<Step> toDrain() {
        var ids = fleet.live().stream()
                .map(Placed::id)
                .filter(id -> {
                    var drain = deployment.traffic().draining().get(id);
                    return drain != null && drain.askedAt().isEmpty() && released(drain) && calm();
                })
                .collect(Collectors.toSet());
        return ids.isEmpty() ? Optional.empty() : Optional.of(new Step.Drain(ids));
    }

    // --- waiting

    private Step waiting() {
        if (fleet.wanted().isEmpty()) {
            return seen.tasks().isEmpty() ? new Step.FinishRemoval() : ending();
        }
        if (fleet.lacksTasks(limits.surge())
                && seen.obstacle().isPresent()
                && deployment.course().pause().isEmpty()) {
            return report.blocked(seen.obstacle().get());
        }
        if (awaitsAnother() && deployment.course().pause().isEmpty()) {
            return report.awaiting(seen.awaited().orElseThrow());
        }
        var canary = deployment.course().way().canary();
        if (fleet.fresh() < fleet.wantedNow()) {
            return deployment.course().pause().<Step>map(report::paused).orElseGet(() -> missing(canary));
        }
        if (awaitsBalancer()) {
            return report.balancer(report.areReady(fleet.fresh()));
        }
        if (canary.isPresent()) {
            return trial(canary.get());
        }
        int draining = fleet.count(one -> one.draining() && !fleet.lingers(one));
        if (draining > 0) {
            return report.finishing(draining);
        }
        if (!onlyTheWantedRun()) {
            return deployment.course().pause().<Step>map(report::paused).orElseGet(report::stopping);
        }
        return deployment.course().hasArrived() ? report.steady() : new Step.Arrive();
    }

    private Step missing(Optional<Course.Canary> canary) {
        if (!report.isStuck()) {
            return report.starting();
        }
        var stuck = report.stuck();
        return canary.isPresent() && deployment.course().way().fallback().isPresent()
                ? new Step.RollBack("The new tasks on trial don't get ready: "
                        + stuck.status().message())
                : stuck;
    }

    /** A pause keeps nobody from seeing that new tasks do worse. */
    private Step trial(Course.Canary canary) {
        if (canary.since().isEmpty()) {
            return new Step.BeginCanary();
        }
        if (seen.qualities().isEmpty()) {
            return new Step.AskQuality(
                    fleet.live().stream().filter(Placed::serves).map(Placed::id).collect(Collectors.toSet()));
        }
        var judgement = Judgement.of(
                seen.qualityOf(fleet.live().stream().filter(one -> one.serves() && fleet.inWanted(one))),
                seen.qualityOf(fleet.live().stream().filter(one -> one.serves() && !fleet.inWanted(one))),
                limits.canary());
        boolean over = deployment.course().pause().isEmpty()
                && seen.passed(canary.since().get(), canary.time());
        return switch (judgement) {
            case Judgement.Worse(String why) ->
                new Step.RollBack("The new tasks did worse than the old ones: " + why + ".");
            case Judgement.AsGood(String figures) -> over ? new Step.PassCanary() : report.trial(canary, figures);
            case Judgement.TooFew(String figures) -> report.trial(canary, figures);
        };
    }

    /** What a deployment waits for that is to be removed. */
    private Step ending() {
        int draining = fleet.count(Placed::draining);
        if (draining == 0) {
            return report.stopping();
        }
        return awaitsBalancer() ? report.balancer("The instance ends") : report.endingCalls(draining);
    }

    private boolean onlyTheWantedRun() {
        int all = seen.tasks().values().stream().mapToInt(List::size).sum();
        int lingering = fleet.count(fleet::lingers);
        return all - lingering == fleet.wantedTasks()
                && fleet.count(one -> one.current() && !fleet.lingers(one)) == fleet.wantedTasks();
    }

    private boolean awaitsBalancer() {
        if (!limits.awaitBalancer()) {
            return false;
        }
        var traffic = deployment.traffic();
        var awaited = traffic.awaited();
        return awaited.isEmpty()
                ? traffic.routeSequence() < traffic.sequence()
                : awaited.stream().anyMatch(drain -> !released(drain));
    }
}
