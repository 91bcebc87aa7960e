package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.scheduling.deployment.Deployment.Desired;
import io.switchboard.scheduling.deployment.Deployment.Told;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What each intervention does to a deployment. One that has its way already changes nothing. */
final class InterventionRules {

    private InterventionRules() {}

    /** @throws Problem {@link RolloutProblem}, if there is nothing that it could do */
    static Deployment decide(Deployment before, Intervention intervention, Instant now) {
        RolloutProblem.refuseUnlessRunning(before);
        var course = before.course();
        return switch (intervention) {
            case Intervention.Pause(String by) ->
                course.pause().isPresent() ? before : again(before.paused(by, now), now);
            case Intervention.Resume() ->
                course.pause().isEmpty() ? before : again(before.with(course.paused(Optional.empty())), now);
            case Intervention.Abort(String by) -> abort(before, by, now);
            case Intervention.Promote() -> promote(before, now);
            case Intervention.Force() -> force(before, now);
            case Intervention.RollBack(Revision to, Optional<Course.Canary> canary) ->
                rollBack(before, to, canary, now);
            case Intervention.Vacate(String host) -> vacate(before, host, now);
            case Intervention.Restart(String taskId) -> restart(before, taskId, now);
            case Intervention.Scale scale -> scale(before, scale, now);
        };
    }

    /** Where nothing is under way another rollout begins, which counts the calls that it cuts from none on. */
    private static Deployment restart(Deployment before, String taskId, Instant now) {
        // One that goes anyway is replaced already.
        if (before.course().way().retiring().contains(taskId)
                || before.traffic().draining().containsKey(taskId)) {
            return before;
        }
        if (before.course().way().canary().isPresent()) {
            throw new Problem(
                    RolloutProblem.TRIAL_UNDER_WAY,
                    "Tasks of instance '%s' are on trial beside all the others."
                            .formatted(before.instance().name()));
        }
        var course = before.told().settled()
                ? before.course().begin(before.course().lastRevision(), Optional.empty(), OrderRules.fallback(before))
                : before.course();
        return again(before.with(course.retire(Set.of(taskId))), now);
    }

    private static Deployment abort(Deployment before, String by, Instant now) {
        underWay(before);
        var back = before.course().way().fallback();
        if (back.isEmpty()) {
            throw new Problem(
                    RolloutProblem.NOTHING_BEFORE,
                    "What instance '%s' is about to do can't be taken back."
                            .formatted(before.instance().name()));
        }
        if (back.get().equals(before.desired())) {
            return before;
        }
        return resumed(before)
                .rollBack(
                        "Aborted by %s; back to revision %d."
                                .formatted(by, back.get().revision()),
                        now);
    }

    private static Deployment promote(Deployment before, Instant now) {
        underWay(before);
        if (before.course().way().canary().isEmpty()) {
            throw new Problem(
                    RolloutProblem.NO_TRIAL,
                    "No tasks of instance '%s' are on trial."
                            .formatted(before.instance().name()));
        }
        return resumed(before).passCanary(now);
    }

    private static Deployment force(Deployment before, Instant now) {
        if (before.traffic().draining().isEmpty()) {
            underWay(before);
        }
        return before.course().way().haste().forced()
                ? before
                : again(before.with(before.course().force()), now);
    }

    /** What is under way is let arrive first; whoever drains the node asks again. Tasks that go anyway need no others. */
    private static Deployment vacate(Deployment before, String host, Instant now) {
        if (!before.told().settled() || !before.traffic().staysOn(host)) {
            return before;
        }
        var running = before.wanted().orElseThrow();
        var next = running.as(before.id(), before.course().lastRevision() + 1, running.perTask());
        var desired = before.desired();
        var status = new DeploymentStatus.Planned(
                desired.tasks(), desired.perTask(), "Moves off node %s. %s".formatted(host, desired.explanation()));
        return move(before, next, Optional.empty(), status, now);
    }

    /** Where it can't be done now, whoever follows the load asks again. */
    private static Deployment scale(Deployment before, Intervention.Scale scale, Instant now) {
        var desired = before.desired();
        if (!desired.equals(scale.decidedFrom())
                || desired.tasks() == scale.tasks()
                || !before.mayScaleTo(scale.tasks())) {
            return before;
        }
        var course = before.told().settled()
                ? before.course()
                        .begin(before.course().lastRevision(), Optional.empty(), OrderRules.fallback(before))
                        .unhurried()
                : grown(before.course(), scale);
        var after = before.with(desired.scaled(scale.tasks())).with(course);
        return after.tell(
                new DeploymentStatus.Planned(scale.tasks(), desired.perTask(), scale.why()), false, true, now);
    }

    /** The load is there whatever becomes of the rollout, so where it may go back to grows, too. */
    private static Course grown(Course course, Intervention.Scale scale) {
        return course.way()
                .fallback()
                .filter(back -> back.tasks() < scale.tasks())
                .map(back -> course.backTo(back.scaled(scale.tasks())))
                .orElse(course);
    }

    private static Deployment rollBack(Deployment before, Revision to, Optional<Course.Canary> canary, Instant now) {
        var running = before.wanted().orElseThrow();
        if (running.number() == to.number() || running.runsTheSame(to)) {
            return before;
        }
        var next = to.as(
                before.id(),
                before.course().lastRevision() + 1,
                before.desired().perTask());
        // What is on its way has failed with it.
        var status = new DeploymentStatus.RolledBack(
                next.number(),
                "Rolled back to what revision %d ran, as revision %d.".formatted(to.number(), next.number()));
        return move(before, next, canary, status, now);
    }

    private static Deployment move(
            Deployment before, Revision next, Optional<Course.Canary> canary, DeploymentStatus status, Instant now) {
        var desired = before.desired();
        var beside = before.course().way().canary().flatMap(Course.Canary::beside);
        var revisions = new ArrayList<>(before.revisions());
        revisions.add(next);
        var after = new Deployment(
                before.instance(),
                new Desired(
                        Goal.RUN,
                        next.number(),
                        desired.tasks(),
                        desired.perTask(),
                        desired.ordered(),
                        desired.explanation()),
                before.order(),
                before.course()
                        .begin(
                                next.number(),
                                canary.map(trial -> beside.map(trial::beside).orElse(trial)),
                                OrderRules.fallback(before)),
                before.traffic(),
                before.told(),
                revisions,
                before.version());
        return after.tell(status, false, true, now);
    }

    private static Deployment resumed(Deployment before) {
        return before.with(before.course().paused(Optional.empty()));
    }

    private static void underWay(Deployment before) {
        if (before.told().settled()) {
            throw new Problem(
                    RolloutProblem.NOTHING_UNDER_WAY,
                    "Everything of instance '%s' is as desired."
                            .formatted(before.instance().name()),
                    Map.of("revision", before.desired().revision()));
        }
    }

    /** With something to do, and its patience from now on. */
    private static Deployment again(Deployment after, Instant now) {
        var told = after.told();
        return after.with(new Told(told.sequence(), told.status(), false, now, told.changedAt()));
    }
}
