package io.switchboard.scheduling.rollout;

import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.deployment.Course;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.rollout.Fleet.Placed;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** Says what a deployment waits for, in words and figures. */
final class Report {

    /** So often a task may end before it is ready until that is called stuck. */
    private static final int HOPELESS_RESTARTS = 2;

    private final Deployment deployment;
    private final Observed seen;
    private final RolloutProperties limits;
    private final Fleet fleet;

    Report(Deployment deployment, Observed seen, RolloutProperties limits, Fleet fleet) {
        this.deployment = deployment;
        this.seen = seen;
        this.limits = limits;
        this.fleet = fleet;
    }

    /** Whether the tasks that are missing won't come by waiting, or should have come long ago. */
    boolean isStuck() {
        return stale() || notReady().anyMatch(one -> one.task().restarts() >= HOPELESS_RESTARTS);
    }

    Step.Waiting goesOn() {
        return new Step.AwaitTasks(rolling(
                fleet.wanted().isPresent()
                        ? readyOf(fleet.fresh(), "new task") + "; it goes on."
                        : "The instance ends."));
    }

    Step.Waiting starting() {
        boolean replaces = fleet.count(one -> !one.current()) > 0;
        return new Step.AwaitTasks(rolling(
                replaces
                        ? readyOf(fleet.fresh(), "new task") + "; old ones take the calls meanwhile."
                        : readyOf(fleet.fresh(), "task") + "; "
                                + seen.shortfall().orElse(areStarting())
                                + "."));
    }

    private String areStarting() {
        if (fleet.wantedNow() == 1) {
            return "it is starting";
        }
        return fleet.fresh() == 0 ? "they are starting" : "the others are starting";
    }

    Step.Waiting stuck() {
        var reason = notReady()
                .max(Comparator.comparingInt(one -> one.task().restarts()))
                .map(one -> one.task().restarts() > 0
                        ? "one of them, started %d times: %s"
                                .formatted(one.task().restarts() + 1, one.task().message())
                        : "one of them: " + one.task().message())
                .or(seen::shortfall)
                .orElse("the engine has not started the others");
        var since = stale() ? ", and no progress for " + words(limits.patience()) : "";
        return stuck("%s%s; %s.".formatted(readyOf(fleet.fresh(), "task"), since, reason));
    }

    /** Of those that are to stay: one that leaves is missed by nobody. */
    private Stream<Placed> notReady() {
        return fleet.live().stream().filter(one -> one.current() && !one.draining() && !one.is(Task.State.READY));
    }

    Step.Waiting blocked(Observed.Obstacle obstacle) {
        var message = "%s; %s.".formatted(readyOf(ready(), "task"), obstacle.reason());
        return obstacle.lasting() || stale() ? stuck(message) : new Step.AwaitTasks(rolling(message));
    }

    Step.Waiting balancer(String sofar) {
        boolean silent = seen.passed(deployment.traffic().publishedAt(), limits.balancerPatience());
        var message = silent
                ? "%s, but the balancer has not taken that over for more than %s; old tasks go on until it does."
                        .formatted(sofar, words(limits.balancerPatience()))
                : "%s; waiting for the balancer to take that over%s.".formatted(sofar, held());
        return silent && stale() ? stuck(message) : new Step.AwaitBalancer(rolling(message));
    }

    Step.Waiting finishing(int draining) {
        return new Step.AwaitCalls(
                rolling("%s; %s%s%s.".formatted(areReady(fleet.wantedTasks()), finish(draining), cut(), held())));
    }

    Step.Waiting endingCalls(int draining) {
        return new Step.AwaitCalls(rolling("The instance ends; %s%s.".formatted(finish(draining), cut())));
    }

    Step.Waiting stopping() {
        var message = "Old tasks are stopping.";
        return stale() ? stuck(message) : new Step.AwaitTasks(rolling(message));
    }

    Step.Waiting paused(Course.Pause pause) {
        int draining = fleet.count(Placed::draining);
        var words = pause.words();
        return new Step.AwaitResume(rolling("%s: %s%s."
                .formatted(
                        Character.toUpperCase(words.charAt(0)) + words.substring(1),
                        readyOf(fleet.fresh(), "new task"),
                        draining > 0 ? "; " + finish(draining) : "")));
    }

    /** What is said beside everything else while nothing new is begun. */
    private String held() {
        return deployment.course().pause().map(pause -> "; " + pause.words()).orElse("");
    }

    /** Another instance's rollout may take its time; that alone is nobody's fault here. */
    Step.Waiting awaiting(String other) {
        return new Step.AwaitTasks(
                rolling("Waits for instance '%s', which it depends on, to be as it should be.".formatted(other)));
    }

    /** It is looked at as often while it is paused: new tasks that do worse go back all the same. */
    Step.Waiting trial(Course.Canary canary, String figures) {
        var pause = deployment.course().pause();
        return new Step.AwaitCanary(
                pause.isPresent() ? paused(pause.get()).status() : rolling(onTrial(canary, figures)));
    }

    private String onTrial(Course.Canary canary, String figures) {
        var end = canary.since().orElse(seen.now()).plus(canary.time());
        var left = seen.now().isBefore(end)
                ? "judged for good at " + Course.dateAndTime(end)
                : "the judgement waits for more requests";
        return "On trial: revision %d with %d of %d %s; %s; %s%s."
                .formatted(
                        deployment.desired().revision(),
                        fleet.fresh(),
                        fleet.wantedTasks(),
                        fleet.wantedTasks() == 1 ? "task" : "tasks",
                        figures,
                        left,
                        growing());
    }

    /** How far the old tasks are with a load that was ordered during the trial. */
    private String growing() {
        int owed = fleet.besideTrial();
        int ready = fleet.count(one -> one.serves() && !fleet.inWanted(one));
        return ready >= owed
                ? ""
                : "; %d of %d old %s ready for the load ordered meanwhile%s"
                        .formatted(
                                ready,
                                owed,
                                owed == 1 ? "task" : "tasks",
                                seen.obstacle()
                                        .map(obstacle -> ": " + obstacle.reason())
                                        .orElse(""));
    }

    Step.Waiting steady() {
        int tasks = fleet.wantedTasks();
        return new Step.ReportSteady(new DeploymentStatus.Steady(
                tasks,
                "%s%s%s%s%s."
                        .formatted(
                                areReady(tasks),
                                limits.awaitBalancer() ? ", and the balancer sends calls" : "",
                                lingering(),
                                cut(),
                                held())));
    }

    private String lingering() {
        int tasks = fleet.count(fleet::lingers);
        return tasks == 0 ? "" : "; " + finish(tasks);
    }

    private String cut() {
        int calls = deployment.course().way().haste().cutCalls();
        return calls == 0
                ? ""
                : calls == 1
                        ? "; 1 call was cut when its task stopped"
                        : "; %d calls were cut when their tasks stopped".formatted(calls);
    }

    String areReady(int tasks) {
        return tasks == 1 ? "1 task is ready" : tasks + " tasks are ready";
    }

    private Step.Waiting stuck(String message) {
        return new Step.ReportStuck(new DeploymentStatus.Stuck(ready(), fleet.wantedTasks(), message));
    }

    private DeploymentStatus rolling(String message) {
        return new DeploymentStatus.RollingOut(ready(), fleet.wantedTasks(), message);
    }

    /** Tasks that take new calls, old ones included, as far as they are wanted. */
    private int ready() {
        return Math.min(fleet.wantedTasks(), fleet.count(Placed::serves));
    }

    private String readyOf(int ready, String what) {
        int wanted = fleet.wantedNow();
        return "%d of %d %s ready".formatted(ready, wanted, what + (wanted == 1 ? "" : "s"));
    }

    private boolean stale() {
        return seen.passed(deployment.told().progressAt(), limits.patience());
    }

    private static String finish(int tasks) {
        return tasks == 1
                ? "1 task finishes its calls before it stops"
                : tasks + " tasks finish their calls before they stop";
    }

    private static String words(Duration time) {
        return time.toMinutes() > 0 && time.toSecondsPart() == 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }
}
