package io.switchboard.scheduling.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.contracts.scheduling.TaskSnapshot.ServingTask;
import io.switchboard.engine.Task;
import io.switchboard.engine.Task.State;
import io.switchboard.scheduling.Orders;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.InMemoryDeployments;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.rollout.Observed.Obstacle;
import io.switchboard.scheduling.task.Calls;
import io.switchboard.scheduling.task.Drained;
import io.switchboard.scheduling.task.Quality;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An instance that wants two tasks; seconds count from its order. */
class StepTests {

    private static final Instant ORDERED = Instant.parse("2026-01-01T00:00:00Z");
    private static final RolloutProperties.CanaryLimits CANARY =
            new RolloutProperties.CanaryLimits(100, 1.5, Duration.ofMillis(20), Duration.ofSeconds(5));
    private static final RolloutProperties LIMITS = new RolloutProperties(
            10,
            true,
            Duration.ofSeconds(15),
            Duration.ofMinutes(10),
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            CANARY);

    private static RolloutProperties limits(int surge, boolean awaitBalancer) {
        return new RolloutProperties(
                surge,
                awaitBalancer,
                LIMITS.balancerPatience(),
                LIMITS.balancerLimit(),
                LIMITS.drainGrace(),
                LIMITS.drainLimit(),
                LIMITS.drainEvery(),
                LIMITS.lingerEvery(),
                LIMITS.patience(),
                CANARY);
    }

    private final UUID instance = UUID.randomUUID();
    private final String first = Revision.workloadName(instance, 1);
    private final String second = Revision.workloadName(instance, 2);
    private final InMemoryDeployments deployments = new InMemoryDeployments();

    @Test
    void aPlannedDeploymentIsStarted() {
        var opened = opened();

        assertThat(next(opened, seen(1))).isEqualTo(new Step.EnsureWorkload(1, 2));
    }

    @Test
    void startedTasksAreAwaited() {
        assertThat(status(opened(), seen(1).with(first, task("a", State.STARTING), task("b", State.STARTING))))
                .isEqualTo(new DeploymentStatus.RollingOut(0, 2, "0 of 2 tasks ready; they are starting."));
    }

    @Test
    void whyTheEngineStartsNoMoreIsTold() {
        var lacking = "waiting for a node: 3 nodes without enough cores: the largest gap is 1.4, a task needs 2";

        assertThat(status(
                        opened(), seen(1).with(first, task("a", State.STARTING)).lacking(lacking)))
                .isEqualTo(new DeploymentStatus.RollingOut(0, 2, "0 of 2 tasks ready; " + lacking + "."));
        assertThat(status(opened(), seen(121).lacking(lacking)))
                .isEqualTo(new DeploymentStatus.Stuck(
                        0, 2, "0 of 2 tasks ready, and no progress for 2 min; " + lacking + "."));
    }

    @Test
    void aReadyTaskIsPublishedAtOnce() {
        assertThat(next(opened(), seen(1).with(first, task("a", State.READY), task("b", State.STARTING))))
                .isEqualTo(new Step.PublishSnapshot(List.of(serving("a", TaskSnapshot.State.READY, 1)), Set.of()));
    }

    @Test
    void nothingIsSteadyBeforeTheBalancerHasTakenItOver() {
        var published = published(opened(), "a", "b");
        var both = seen(5).with(first, task("a", State.READY), task("b", State.READY));

        assertThat(next(published, both)).isInstanceOf(Step.AwaitBalancer.class);
        assertThat(next(published.takenOver(1, ORDERED), both))
                .isEqualTo(new Step.ReportSteady(
                        new DeploymentStatus.Steady(2, "2 tasks are ready, and the balancer sends calls.")));
    }

    @Test
    void aSilentBalancerIsMentionedAndInTheEndReportedAsStuck() {
        var published = published(opened(), "a", "b");

        assertThat(status(published, seen(16).with(first, task("a", State.READY), task("b", State.READY)))
                        .message())
                .contains("the balancer has not taken that over for more than 15 s");
        assertThat(next(published, seen(121).with(first, task("a", State.READY), task("b", State.READY))))
                .isInstanceOf(Step.ReportStuck.class);
    }

    @Test
    void withoutABalancerNobodyWaitsForIt() {
        assertThat(Step.next(
                        published(opened(), "a", "b"),
                        seen(5).with(first, task("a", State.READY), task("b", State.READY))
                                .observed(),
                        limits(10, false)))
                .isEqualTo(new Step.ReportSteady(new DeploymentStatus.Steady(2, "2 tasks are ready.")));
    }

    @Test
    void tasksThatEndAgainAndAgainAreStuckBeforeLong() {
        var crashing = task("a", State.STARTING);

        assertThat(next(opened(), seen(5).with(first, failing("a", 1, "exited with code 1"), crashing)))
                .isInstanceOf(Step.AwaitTasks.class);
        assertThat(status(opened(), seen(9).with(first, crashing, failing("b", 2, "exited with code 1"))))
                .isEqualTo(new DeploymentStatus.Stuck(
                        0, 2, "0 of 2 tasks ready; one of them, started 3 times: exited with code 1."));
    }

    @Test
    void tasksThatNeverGetReadyAreStuckWithTheirReason() {
        var stuck = status(
                opened(), seen(121).with(first, failing("a", 4, "exited with code 1"), task("b", State.STARTING)));

        assertThat(stuck)
                .isEqualTo(
                        new DeploymentStatus.Stuck(
                                0,
                                2,
                                "0 of 2 tasks ready, and no progress for 2 min; one of them, started 5 times: exited with code 1."));
    }

    @Test
    void anUnhealthyTaskGetsNothingNewAndMayComeBack() {
        var running = published(opened(), "a", "b").takenOver(1, ORDERED);

        assertThat(next(running, seen(9).with(first, task("a", State.READY), task("b", State.UNHEALTHY))))
                .isEqualTo(new Step.PublishSnapshot(
                        List.of(
                                serving("a", TaskSnapshot.State.READY, 1),
                                serving("b", TaskSnapshot.State.DRAINING, 1)),
                        Set.of()));
    }

    @Test
    void newTasksComeUpBesideTheOldOnes() {
        var restarted = restarted();

        assertThat(next(restarted, seen(1).with(first, task("a", State.READY), task("b", State.READY))))
                .isEqualTo(new Step.EnsureWorkload(2, 2));
        assertThat(next(
                        restarted,
                        seen(2).with(first, task("a", State.READY), task("b", State.READY))
                                .with(second, task("c", State.STARTING), task("d", State.STARTING))))
                .isInstanceOf(Step.AwaitTasks.class);
    }

    @Test
    void oldTasksAreSentAwayOnlyAsFarAsNewOnesReplaceThem() {
        var step = next(
                restarted(),
                seen(3).with(first, task("a", State.READY), task("b", State.READY))
                        .with(second, task("c", State.READY), task("d", State.STARTING))
                        .carrying("a", 1)
                        .carrying("b", 2));

        assertThat(step).isInstanceOfSatisfying(Step.PublishSnapshot.class, publish -> {
            assertThat(publish.newlyDraining()).containsExactly("a");
            assertThat(publish.serving())
                    .filteredOn(task -> task.state() == TaskSnapshot.State.READY)
                    .hasSize(2);
        });
    }

    @Test
    void aDrainingTaskGoesThroughBalancerQuestionAndCalls() {
        var sentAway = publish(restarted(), Set.of("a", "b"), "a", "b", "c", "d");
        var all = seen(5).with(first, task("a", State.READY), task("b", State.READY))
                .with(second, task("c", State.READY), task("d", State.READY));

        assertThat(next(sentAway, all)).isInstanceOf(Step.AwaitBalancer.class);

        var sequence = sentAway.traffic().sequence();
        var justReleased = sentAway.takenOver(sequence, ORDERED.plusMillis(4_001));
        assertThat(next(justReleased, all)).isInstanceOf(Step.AwaitCalls.class);
        var released = sentAway.takenOver(sequence, ORDERED.plusSeconds(4));
        assertThat(next(released, all)).isEqualTo(new Step.Drain(Set.of("a", "b")));

        var asked = released.ask(Set.of("a", "b"), ORDERED.plusSeconds(5));
        assertThat(next(asked, all.answer("a", new Drained.Busy(2)).answer("b", new Drained.Silent("x"))))
                .isInstanceOf(Step.AwaitCalls.class);
        assertThat(next(asked, all.answer("a", new Drained.Idle()).answer("b", new Drained.Busy(1))))
                .isEqualTo(new Step.StopTasks(first, Set.of("a")));
        assertThat(next(asked, all.answer("a", new Drained.NotAsked()).answer("b", new Drained.Busy(1))))
                .isEqualTo(new Step.StopTasks(first, Set.of("a")));
    }

    @Test
    void callsThatOutlastTheLimitEndWithTheirTask() {
        var asked = publish(restarted(), Set.of("a", "b"), "a", "b", "c", "d")
                .takenOver(2, ORDERED)
                .ask(Set.of("a", "b"), ORDERED.plusSeconds(5));

        assertThat(next(
                        asked,
                        seen(305)
                                .with(first, task("a", State.READY), task("b", State.READY))
                                .with(second, task("c", State.READY), task("d", State.READY))
                                .answer("a", new Drained.Silent("x"))
                                .answer("b", new Drained.Silent("x"))))
                .isEqualTo(new Step.StopTasks(first, Set.of("a", "b")));
    }

    @Test
    void aBalancerThatIsGoneForGoodDoesNotKeepOldTasksForEver() {
        var sentAway = publish(restarted(), Set.of("a", "b"), "a", "b", "c", "d");
        var all = seen(602)
                .with(first, task("a", State.READY), task("b", State.READY))
                .with(second, task("c", State.READY), task("d", State.READY));

        assertThat(next(sentAway, all)).isEqualTo(new Step.Drain(Set.of("a", "b")));
    }

    @Test
    void anOldTaskThatNeverServedStopsAtOnce() {
        deployments.order(Orders.open(instance, 1000), ORDERED);
        deployments.order(Orders.restart(instance), ORDERED);

        assertThat(next(
                        deployments.get(instance),
                        seen(1).with(first, task("a", State.STARTING), task("b", State.STARTING))))
                .isEqualTo(new Step.StopTasks(first, Set.of("a", "b")));
    }

    @Test
    void aDrainingTaskIsReplacedWhenItIsNeededAgain() {
        var shrunk = publish(opened(), Set.of("c"), "a", "b", "c").takenOver(1, ORDERED);
        deployments.save(shrunk, shrunk);
        deployments.order(Orders.extend(instance, 1010), ORDERED);
        var grown = deployments.get(instance);
        assertThat(grown.desired().revision()).isEqualTo(1);

        assertThat(next(grown, seen(1).with(first, task("a", State.READY), task("c", State.READY))))
                .isInstanceOf(Step.PublishSnapshot.class);
        var published = publish(grown, Set.of(), "a", "c").takenOver(2, ORDERED);
        assertThat(next(published, seen(1).with(first, task("a", State.READY), task("c", State.READY))))
                .isEqualTo(new Step.EnsureWorkload(1, 3));
    }

    @Test
    void anObstacleIsNamedAndNothingIsStarted() {
        assertThat(status(opened(), seen(1).blocked(new Obstacle("the config center gave no answer", false))))
                .isEqualTo(
                        new DeploymentStatus.RollingOut(0, 2, "0 of 2 tasks ready; the config center gave no answer."));
        assertThat(next(opened(), seen(1).blocked(new Obstacle("engine 'docker' refused: no such image", true))))
                .isInstanceOf(Step.ReportStuck.class);
    }

    @Test
    void aDeletedInstanceSendsEveryTaskAwayAndEndsWithNothing() {
        var running = published(opened(), "a", "b").takenOver(1, ORDERED);
        deployments.save(running, running);
        deployments.order(Orders.delete(instance), ORDERED);
        var ending = deployments.get(instance);

        assertThat(next(ending, seen(1).with(first, task("a", State.READY), task("b", State.STARTING))))
                .isInstanceOfSatisfying(
                        Step.PublishSnapshot.class,
                        publish -> assertThat(publish.newlyDraining()).contains("a"));
        assertThat(next(publish(ending, Set.of()), seen(2).with(first))).isEqualTo(new Step.RemoveWorkload(first));
        assertThat(next(publish(ending, Set.of()).retire(first, ORDERED), new Seen(2)))
                .isEqualTo(new Step.FinishRemoval());
    }

    @Test
    void amongTasksTooManyTheOneWhoseCallsEndSoonestGoes() {
        var shrunk = published(shrunk(), "a", "b", "c").takenOver(1, ORDERED);
        var three = seen(1).with(first, task("a", State.READY), task("b", State.READY), task("c", State.READY));

        assertThat(next(shrunk, three)).isEqualTo(new Step.CountCalls(Set.of("a", "b", "c")));
        three.carrying("a", 4).carrying("b", 1).carrying("c", 2);
        assertThat(next(shrunk, three))
                .isInstanceOfSatisfying(
                        Step.PublishSnapshot.class,
                        publish -> assertThat(publish.newlyDraining()).containsExactly("b"));
    }

    @Test
    void callsThatTheLimitCutsAreNotedBeforeTheirTaskStops() {
        var draining = publish(shrunk(), Set.of("c"), "a", "b", "c")
                .takenOver(1, ORDERED)
                .ask(Set.of("c"), ORDERED);
        var late = seen(301)
                .with(first, task("a", State.READY), task("b", State.READY), task("c", State.READY))
                .answer("c", new Drained.Busy(3));

        assertThat(next(draining, late)).isEqualTo(new Step.NoteCut(Map.of("c", 3)));
        var noted = draining.cut(Map.of("c", 3));
        assertThat(next(noted, late)).isEqualTo(new Step.StopTasks(first, Set.of("c")));
        var gone = publish(noted, Set.of(), "a", "b").takenOver(2, ORDERED);
        assertThat(status(gone, seen(302).with(first, task("a", State.READY), task("b", State.READY)))
                        .message())
                .isEqualTo("2 tasks are ready, and the balancer sends calls; 3 calls were cut when their tasks"
                        + " stopped.");
    }

    @Test
    void nobodyIsInAHurryForATaskThatTheLoadNeedsNoLonger() {
        var running = steady(5_000);
        int ordered = running.desired().tasks();
        deployments.scale(instance, ordered - 1, ORDERED);
        var draining = publish(deployments.get(instance), Set.of("0"), ids(ordered))
                .takenOver(2, ORDERED)
                .ask(Set.of("0"), ORDERED);
        var late = seen(24 * 3600).with(first, ready(ordered));

        assertThat(next(draining, late.answer("0", new Drained.Busy(1)))).isEqualTo(new Step.Arrive());
        assertThat(status(draining.arrive(), late))
                .isEqualTo(new DeploymentStatus.Steady(
                        ordered - 1,
                        "%d tasks are ready, and the balancer sends calls; 1 task finishes its calls before it stops."
                                .formatted(ordered - 1)));
        assertThat(next(draining.arrive(), late.answer("0", new Drained.Silent("timed out"))))
                .as("it answers its health checks")
                .isInstanceOf(Step.ReportSteady.class);
        assertThat(next(draining.arrive(), late.answer("0", new Drained.Idle())))
                .isEqualTo(new Step.StopTasks(first, Set.of("0")));
    }

    @Test
    void orderedTasksNeitherCutNorAwaitOneThatLingers() {
        int ordered = steady(5_000).desired().tasks();
        deployments.scale(instance, ordered - 1, ORDERED);
        var lingering = publish(deployments.get(instance), Set.of("0"), ids(ordered))
                .takenOver(2, ORDERED)
                .ask(Set.of("0"), ORDERED)
                .arrive()
                .tell(new DeploymentStatus.Steady(ordered - 1, "steady"), true, true, ORDERED);
        deployments.save(lingering, lingering);
        deployments.order(Orders.restart(instance), ORDERED);
        var restarted = deployments.get(instance);
        var fresh = IntStream.range(0, ordered - 1)
                .mapToObj(index -> "fresh-" + index)
                .toArray(String[]::new);
        var late = seen(24 * 3600)
                .with(first, task("0", State.READY))
                .with(
                        second,
                        Arrays.stream(fresh).map(id -> task(id, State.READY)).toArray(Task[]::new))
                .answer("0", new Drained.Busy(1));
        var all = Stream.concat(Stream.of("0"), Arrays.stream(fresh)).toArray(String[]::new);

        assertThat(next(published(restarted, all).takenOver(3, ORDERED), late)).isEqualTo(new Step.Arrive());
        deployments.order(Orders.delete(instance), ORDERED);
        assertThat(next(deployments.get(instance), late))
                .as("the end of an instance has the usual limit")
                .isInstanceOfAny(Step.PublishSnapshot.class, Step.NoteCut.class);
    }

    @Test
    void oneThatLeavesAndRestartsIsMissedByNobody() {
        int ordered = steady(5_000).desired().tasks();
        deployments.scale(instance, ordered - 1, ORDERED);
        var lingering = publish(deployments.get(instance), Set.of("0"), ids(ordered))
                .takenOver(2, ORDERED)
                .ask(Set.of("0"), ORDERED)
                .arrive()
                .tell(new DeploymentStatus.Steady(ordered - 1, "steady"), true, true, ORDERED);
        deployments.save(lingering, lingering);
        deployments.scale(instance, ordered, ORDERED);
        var tasks = Stream.concat(
                Stream.of(failing("0", 5, "exit 1"), task("fresh", State.STARTING)),
                IntStream.range(1, ordered).mapToObj(index -> task(String.valueOf(index), State.READY)));

        assertThat(status(deployments.get(instance), seen(10).with(first, tasks.toArray(Task[]::new))))
                .isInstanceOf(DeploymentStatus.RollingOut.class);
    }

    @Test
    void aTaskThatHangsIsNotWaitedForWhateverTheHurry() {
        int ordered = steady(5_000).desired().tasks();
        deployments.scale(instance, ordered - 1, ORDERED);
        var draining = publish(deployments.get(instance), Set.of("0"), ids(ordered))
                .takenOver(2, ORDERED)
                .ask(Set.of("0"), ORDERED);
        var tasks = ready(ordered);
        tasks[0] = task("0", State.UNHEALTHY);

        assertThat(next(draining, seen(299).with(first, tasks).answer("0", new Drained.Silent("timed out"))))
                .isEqualTo(new Step.Arrive());
        assertThat(next(draining, seen(300).with(first, tasks).answer("0", new Drained.Silent("timed out"))))
                .isEqualTo(new Step.StopTasks(first, Set.of("0")));
    }

    @Test
    void tasksThatTakeTheirTimeToGoTakeNoPlaceFromThoseThatAreNeededAgain() {
        int all = steady(5_000).desired().tasks();
        deployments.scale(instance, 1, ORDERED);
        var leaving = Set.copyOf(List.of(ids(all)).subList(1, all));
        var draining = publish(deployments.get(instance), leaving, ids(all))
                .takenOver(2, ORDERED)
                .ask(leaving, ORDERED);
        deployments.save(draining, draining);

        deployments.scale(instance, all, ORDERED);

        var busy = seen(60).with(first, ready(all));
        leaving.forEach(id -> busy.answer(id, new Drained.Busy(1)));
        assertThat(leaving).hasSizeGreaterThan(1);
        assertThat(Step.next(deployments.get(instance), busy.observed(), limits(1, true)))
                .isEqualTo(new Step.EnsureWorkload(1, all + leaving.size()));
    }

    @Test
    void aTrialLeavesEveryOldTaskAndAsksForTheNewOnesFigures() {
        var trial = upgraded();
        var started = seen(1).with(first, task("a", State.READY), task("b", State.READY))
                .with(second);
        assertThat(next(trial, started)).isEqualTo(new Step.EnsureWorkload(2, 1));

        var both = published(trial, "a", "b", "c").takenOver(2, ORDERED);
        var serving = seen(5).with(first, task("a", State.READY), task("b", State.READY))
                .with(second, task("c", State.READY));
        assertThat(next(both, serving)).isEqualTo(new Step.BeginCanary());
        var begun = both.beginCanary(ORDERED.plusSeconds(5));
        assertThat(next(begun, serving)).isEqualTo(new Step.AskQuality(Set.of("a", "b", "c")));
        serving.quality("a", 1000, 1).quality("b", 1000, 1).quality("c", 200, 0);
        assertThat(status(begun, serving).message())
                .isEqualTo(
                        "On trial: revision 2 with 1 of 2 tasks; 200 requests, 0 of them failed; 0 calls, 0 of them not set"
                                + " up; judged for good at 2026-01-01 00:10:05 UTC.");
    }

    @Test
    void aTrialThatDoesAsWellIsPassedAtItsEnd() {
        var begun = begun();

        assertThat(next(begun, onTrial(605).quality("a", 1000, 1).quality("c", 200, 0)))
                .isEqualTo(new Step.PassCanary());
        assertThat(next(begun, onTrial(605).quality("a", 1000, 1).quality("c", 20, 0)))
                .isInstanceOf(Step.AwaitCanary.class);
        assertThat(next(begun.passCanary(ORDERED.plusSeconds(605)), onTrial(606)))
                .isEqualTo(new Step.CountCalls(Set.of("a", "b")));
    }

    @Test
    void aPausedTrialPassesNothingAndStillGoesBack() {
        var begun = begun();
        var paused = begun.paused("an operator", ORDERED);

        assertThat(status(paused, onTrial(605).quality("a", 1000, 1).quality("c", 200, 0))
                        .message())
                .startsWith("Paused by an operator");
        assertThat(next(paused, onTrial(605).quality("a", 1000, 1).quality("c", 100, 12)))
                .isInstanceOf(Step.RollBack.class);
    }

    @Test
    void aTrialOfTasksThatDontTellIsLeftToPeople() {
        assertThat(status(begun(), onTrial(605).quality("a", 1000, 1)).message())
                .contains("so a person has to promote or abort");
    }

    @Test
    void theWayBackWaitsForNoOtherInstance() {
        var back = begun().rollBack("worse", ORDERED.plusSeconds(20));
        var gone = new Seen(21).with(first).with(second, task("c", State.READY)).awaiting("main-acd");

        assertThat(next(published(back, "c"), gone)).isEqualTo(new Step.EnsureWorkload(1, 2));
    }

    @Test
    void aTrialThatDoesWorseGoesBackAtOnceAndItsOrderHasFailed() {
        var begun = begun();

        assertThat(next(begun, onTrial(20).quality("a", 1000, 1).quality("c", 100, 12)))
                .isEqualTo(
                        new Step.RollBack("The new tasks did worse than the old ones: 12.0 % of 100 requests failed, of"
                                + " the old tasks' 0.1 %."));
        var back = begun.rollBack("worse", ORDERED.plusSeconds(20));
        assertThat(back.told().status()).isEqualTo(new DeploymentStatus.RolledBack(1, "worse"));
        assertThat(back.wanted().orElseThrow().workload()).isEqualTo(first);
        assertThat(next(back, onTrial(21)))
                .isInstanceOfSatisfying(
                        Step.PublishSnapshot.class,
                        publish -> assertThat(publish.newlyDraining()).containsExactly("c"));
    }

    @Test
    void tasksOnTrialThatNeverGetReadyGoBack() {
        var crashing = seen(9).with(first, task("a", State.READY), task("b", State.READY))
                .with(second, failing("c", 2, "exited with code 1"));

        assertThat(next(upgraded(), crashing))
                .isInstanceOfSatisfying(
                        Step.RollBack.class,
                        back -> assertThat(back.why()).contains("started 3 times: exited with code 1"));
    }

    @Test
    void aTrialGoesBackToWhatWasSteadyBeforeATaskCrashed() {
        var running = published(opened(), "a", "b").takenOver(1, ORDERED);
        var steady =
                deployments.save(running, running.tell(new DeploymentStatus.Steady(2, "steady"), true, true, ORDERED));
        deployments.save(steady, steady.tell(new DeploymentStatus.RollingOut(1, 2, "1 of 2"), false, false, ORDERED));
        deployments.order(Orders.upgrade(instance, "acd:2", 1000), ORDERED);

        var upgraded = deployments.get(instance).course().way();

        assertThat(upgraded.canary()).isPresent();
        assertThat(upgraded.fallback()).contains(steady.desired());
    }

    @Test
    void loadOrderedDuringATrialIsGivenToTheOldTasksAtOnce() {
        upgraded();
        deployments.order(Orders.extend(instance, 2500), ORDERED);
        var extended = deployments.get(instance);
        var owed = extended.course().way().canary().orElseThrow().beside().orElseThrow();
        var old = new Task[] {task("a", State.READY), task("b", State.READY)};
        assertThat(owed).isGreaterThan(old.length);
        assertThat(extended.course().way().fallback().orElseThrow().tasks()).isEqualTo(owed);

        assertThat(next(extended, seen(1).with(first, old))).isEqualTo(new Step.EnsureWorkload(1, owed));
        assertThat(next(
                        extended.paused("an operator", ORDERED),
                        seen(1).with(first, old).with(second)))
                .isNotInstanceOf(Step.EnsureWorkload.class);
    }

    @Test
    void aPauseIsToldWhateverIsUnderWay() {
        var steady = published(opened(), "a", "b").takenOver(1, ORDERED).paused("the tenant", ORDERED);
        var both = seen(5).with(first, task("a", State.READY), task("b", State.READY));
        assertThat(status(steady, both))
                .isEqualTo(new DeploymentStatus.Steady(
                        2,
                        "2 tasks are ready, and the balancer sends calls; paused by the tenant since 2026-01-01 00:00:00"
                                + " UTC."));

        var draining = publish(shrunk(), Set.of("c"), "a", "b", "c")
                .takenOver(1, ORDERED)
                .ask(Set.of("c"), ORDERED);
        assertThat(status(
                                draining.paused("the tenant", ORDERED),
                                seen(6).with(
                                                first,
                                                task("a", State.READY),
                                                task("b", State.READY),
                                                task("c", State.READY))
                                        .answer("c", new Drained.Busy(1)))
                        .message())
                .isEqualTo("2 tasks are ready; 1 task finishes its calls before it stops; paused by the tenant since"
                        + " 2026-01-01 00:00:00 UTC.");
    }

    @Test
    void theOutlookOfAChangeIsWhatIsWaitedForOrThatItGoesOn() {
        var restarted = restarted();
        var two = Map.of(first, List.of(task("a", State.READY), task("b", State.READY)));

        assertThat(Step.outlook(restarted, two, ORDERED, LIMITS).message())
                .isEqualTo("0 of 2 new tasks ready; it goes on.");
        assertThat(Step.outlook(restarted.paused("an operator", ORDERED), two, ORDERED, LIMITS)
                        .message())
                .isEqualTo("Paused by an operator since 2026-01-01 00:00:00 UTC: 0 of 2 new tasks ready.");
    }

    @Test
    void whereARolloutMayGoBackToIsKept() {
        var moved = published(published(restarted(), "c", "d"), "c", "d").takenOver(3, ORDERED);
        var arrived = seen(9).with(first).with(second, task("c", State.READY), task("d", State.READY));

        assertThat(next(moved, arrived)).isEqualTo(new Step.Arrive());
        assertThat(next(moved.arrive(), arrived)).isEqualTo(new Step.RemoveWorkload(first));
    }

    @Test
    void aNewRevisionStartsAfterTheInstanceItDependsOnAndScalesWhateverThatDoes() {
        assertThat(status(opened(), seen(1).awaiting("main-acd")).message())
                .isEqualTo("Waits for instance 'main-acd', which it depends on, to be as it should be.");
        assertThat(next(opened(), seen(1).with(first, task("a", State.STARTING)).awaiting("main-acd")))
                .isEqualTo(new Step.EnsureWorkload(1, 2));
    }

    // --- a small language for the above

    private Deployment opened() {
        deployments.order(Orders.open(instance, 1000), ORDERED);
        return deployments.get(instance);
    }

    private Deployment restarted() {
        var running = published(opened(), "a", "b").takenOver(1, ORDERED);
        var steady = running.tell(new DeploymentStatus.Steady(2, "steady"), true, true, ORDERED);
        deployments.save(running, steady);
        deployments.order(Orders.restart(instance), ORDERED);
        return deployments.get(instance);
    }

    private Deployment shrunk() {
        deployments.order(Orders.open(instance, 5000), ORDERED);
        deployments.order(Orders.extend(instance, 1000), ORDERED);
        return deployments.get(instance);
    }

    /** With all the tasks it takes, as it should be; they are called 0, 1 and so on. */
    private Deployment steady(int callsPerHour) {
        deployments.order(Orders.open(instance, callsPerHour), ORDERED);
        var opened = deployments.get(instance);
        var running = published(opened, ids(opened.desired().tasks())).takenOver(1, ORDERED);
        var steady = running.tell(new DeploymentStatus.Steady(opened.desired().tasks(), "steady"), true, true, ORDERED);
        return deployments.save(running, steady);
    }

    private static String[] ids(int tasks) {
        return IntStream.range(0, tasks).mapToObj(Integer::toString).toArray(String[]::new);
    }

    private static Task[] ready(int tasks) {
        return Arrays.stream(ids(tasks)).map(id -> task(id, State.READY)).toArray(Task[]::new);
    }

    /** With another image, one task of it on trial. */
    private Deployment upgraded() {
        var running = published(opened(), "a", "b").takenOver(1, ORDERED);
        var steady = running.tell(new DeploymentStatus.Steady(2, "steady"), true, true, ORDERED);
        deployments.save(running, steady);
        deployments.order(Orders.upgrade(instance, "acd:2", 1000), ORDERED);
        return deployments.get(instance);
    }

    private Deployment begun() {
        return published(upgraded(), "a", "b", "c").takenOver(2, ORDERED).beginCanary(ORDERED.plusSeconds(5));
    }

    private Seen onTrial(int second) {
        return seen(second)
                .with(first, task("a", State.READY), task("b", State.READY))
                .with(this.second, task("c", State.READY));
    }

    private static Deployment published(Deployment deployment, String... tasks) {
        return publish(deployment, Set.of(), tasks);
    }

    private static Deployment publish(Deployment deployment, Set<String> draining, String... tasks) {
        var serving = Arrays.stream(tasks)
                .map(id -> serving(
                        id,
                        draining.contains(id) || deployment.traffic().draining().containsKey(id)
                                ? TaskSnapshot.State.DRAINING
                                : TaskSnapshot.State.READY,
                        // Of two revisions, c, d and all that is fresh are the second's.
                        Set.of("c", "d").contains(id) || id.startsWith("fresh")
                                ? deployment.revisions().getLast().number()
                                : 1))
                .toList();
        return deployment.publish(serving, draining, ORDERED);
    }

    private static ServingTask serving(String id, TaskSnapshot.State state, long revision) {
        return new ServingTask(id, "10.0.0.1", Map.of("http", 80), state, revision);
    }

    private static Task task(String id, State state) {
        return new Task(id, "10.0.0.1", Map.of("http", 80), state, "as told", ORDERED, 0);
    }

    private static Task failing(String id, int restarts, String message) {
        return new Task(id, "10.0.0.1", Map.of("http", 80), State.STARTING, message, ORDERED, restarts);
    }

    private Seen seen(int second) {
        return new Seen(second).with(first);
    }

    private static Step next(Deployment deployment, Seen seen) {
        return Step.next(deployment, seen.observed(), LIMITS);
    }

    private static DeploymentStatus status(Deployment deployment, Seen seen) {
        return ((Step.Waiting) next(deployment, seen)).status();
    }

    private static final class Seen {
        private final int second;
        private final Map<String, List<Task>> tasks = new HashMap<>();
        private final Map<String, Drained> drained = new HashMap<>();
        private final Map<String, Calls> calls = new HashMap<>();
        private Optional<Map<String, Quality>> qualities = Optional.empty();
        private Optional<Obstacle> obstacle = Optional.empty();
        private Optional<String> shortfall = Optional.empty();
        private Optional<String> awaited = Optional.empty();

        Seen(int second) {
            this.second = second;
        }

        Seen with(String workload, Task... those) {
            tasks.put(workload, List.of(those));
            return this;
        }

        Seen answer(String task, Drained answer) {
            drained.put(task, answer);
            return this;
        }

        Seen carrying(String task, int active) {
            calls.put(task, new Calls.Counted(active, 180));
            return this;
        }

        Seen quality(String task, long requests, long failed) {
            var known = new HashMap<>(qualities.orElse(Map.of()));
            known.put(task, new Quality(requests, failed, requests * 0.01, 0, 0));
            qualities = Optional.of(known);
            return this;
        }

        Seen awaiting(String other) {
            awaited = Optional.of(other);
            return this;
        }

        Seen lacking(String why) {
            shortfall = Optional.of(why);
            return this;
        }

        Seen blocked(Obstacle by) {
            obstacle = Optional.of(by);
            return this;
        }

        Observed observed() {
            return new Observed(
                    ORDERED.plusSeconds(second),
                    tasks,
                    drained,
                    calls,
                    qualities,
                    shortfall.isPresent() ? tasks.keySet() : Set.of(),
                    obstacle,
                    shortfall,
                    awaited);
        }
    }
}
