package io.switchboard.engine.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.Task;
import io.switchboard.engine.Workload;
import io.switchboard.engine.Workload.Health;
import io.switchboard.engine.supervision.ObservedTask.Alive;
import io.switchboard.engine.supervision.ObservedTask.Condition;
import io.switchboard.engine.supervision.ObservedTask.Ended;
import io.switchboard.engine.supervision.ObservedTask.Offending;
import io.switchboard.engine.supervision.Step.Discard;
import io.switchboard.engine.supervision.Step.Forget;
import io.switchboard.engine.supervision.Step.Kill;
import io.switchboard.engine.supervision.Step.Start;
import io.switchboard.engine.supervision.Step.Surplus;
import io.switchboard.engine.supervision.Step.Terminate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NextStepsTests {

    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    @Test
    void startsWhatIsMissing() {
        assertThat(next(desired(2), alive("a", 0))).containsExactly(new Start(1, 0, 0, ""));
    }

    @Test
    void hasNothingToDoWhenAllRun() {
        assertThat(next(desired(2), alive("a", 0), alive("b", 1))).isEmpty();
    }

    @Test
    void stopsTheYoungestOfTooMany() {
        assertThat(next(desired(1), alive("a", 0, NOON.minusSeconds(9)), alive("b", 1, NOON.minusSeconds(1))))
                .containsExactly(new Surplus(Set.of("b")));
    }

    @Test
    void tellsThoseThatAreToStopOnceAndKillsThemWhenTheirTimeIsUp() {
        Desired stopping = new Desired(workload(0), Set.of("a"), false);

        assertThat(next(stopping, alive("a", 0)))
                .containsExactly(new Terminate(alive("a", 0).task()));
        assertThat(next(stopping, until(alive("a", 0), NOON.plusSeconds(1)))).isEmpty();
        assertThat(next(stopping, until(alive("a", 0), NOON)))
                .containsExactly(new Kill(alive("a", 0).task()));
    }

    @Test
    void doesNotReplaceThoseThatAreToStop() {
        Desired stopping = new Desired(workload(0), Set.of("a"), false);
        Watched ended = ended("a", 0, 0, 0, NOON.minusSeconds(99));

        assertThat(next(stopping, ended)).containsExactly(new Discard(ended.task()));
    }

    @Test
    void restartsAfterAPauseThatGrows() {
        assertThat(next(desired(1), ended("a", 0, 0, 0, NOON.minusMillis(999)))).isEmpty();
        assertThat(next(desired(1), ended("a", 0, 0, 0, NOON.minusMillis(1000))))
                .containsExactly(new Start(0, 1, 1, "exited with code 3"));
        assertThat(next(desired(1), ended("a", 0, 4, 3, NOON.minusMillis(7999))))
                .isEmpty();
        assertThat(next(desired(1), ended("a", 0, 4, 3, NOON.minusMillis(8000))))
                .containsExactly(new Start(0, 5, 4, "exited with code 3"));
    }

    @Test
    void keepsTheLastPredecessorOnly() {
        Watched first = ended("a", 0, 0, 0, NOON.minusSeconds(50));
        Watched second = ended("b", 0, 1, 1, NOON.minusSeconds(40));
        Watched third = alive("c", 0, 2, NOON.minusSeconds(30));

        assertThat(next(desired(1), third, first, second)).containsExactly(new Discard(first.task()));
    }

    @Test
    void anEarlierStartThatStillRunsIsOneTooMany() {
        Watched first = alive("a", 0, 0, NOON.minusSeconds(50));
        Watched second = alive("b", 0, 1, NOON.minusSeconds(40));

        assertThat(next(desired(1), first, second)).containsExactly(new Kill(first.task()));
    }

    @Test
    void replacesTheDoomedButNotBeforeTheyAreGone() {
        Watched doomed = new Watched(alive("a", 0).task(), HealthRecord.NONE, "503", null, null);

        assertThat(next(desired(1), doomed)).containsExactly(new Terminate(doomed.task()));
    }

    @Test
    void killsOffendersAtOnce() {
        Watched offender = watched("a", 0, 0, 0, NOON, new Offending("too much"), null);

        assertThat(next(desired(1), offender)).containsExactly(new Kill(offender.task()));
    }

    @Test
    void forgetsTheRemovedOnceNothingIsLeft() {
        Desired removed = new Desired(workload(0), Set.of(), true);

        assertThat(next(removed, alive("a", 0)))
                .containsExactly(new Terminate(alive("a", 0).task()));
        assertThat(next(removed)).containsExactly(new Forget());
    }

    @Test
    void aPausedTaskIsShownAsStarting() {
        Watched ended = ended("a", 0, 0, 0, NOON);

        assertThat(TaskView.of(desired(1), List.of(ended), Backoff.STANDARD))
                .singleElement()
                .satisfies(task -> {
                    assertThat(task.state()).isEqualTo(Task.State.STARTING);
                    assertThat(task.message()).isEqualTo("exited with code 3; starts again after a pause of 1 s");
                });
    }

    @Test
    void aRestartedTaskSaysWhyItWas() {
        Watched again = alive("b", 0, 1, NOON);

        assertThat(TaskView.of(desired(1), List.of(again), Backoff.STANDARD))
                .singleElement()
                .satisfies(task -> {
                    assertThat(task.state()).isEqualTo(Task.State.READY);
                    assertThat(task.restarts()).isEqualTo(1);
                    assertThat(task.message()).isEqualTo("ready (restart 1: out of luck)");
                });
    }

    @Test
    void stoppingTasksAreShownUntilTheyEnd() {
        Desired stopping = new Desired(workload(0), Set.of("a", "b"), false);

        assertThat(TaskView.of(stopping, List.of(alive("a", 0), ended("b", 1, 0, 0, NOON)), Backoff.STANDARD))
                .singleElement()
                .satisfies(task -> assertThat(task.state()).isEqualTo(Task.State.STOPPING));
    }

    private static List<Step> next(Desired desired, Watched... tasks) {
        return NextSteps.next(desired, List.of(tasks), Backoff.STANDARD, NOON);
    }

    private static Desired desired(int tasks) {
        return Desired.of(workload(tasks));
    }

    private static Watched alive(String id, int place) {
        return alive(id, place, NOON.minusSeconds(5));
    }

    private static Watched alive(String id, int place, Instant since) {
        return alive(id, place, 0, since);
    }

    private static Watched alive(String id, int place, int restarts, Instant since) {
        return watched(id, place, restarts, restarts, since, new Alive(), null);
    }

    /** It ran for a second. */
    private static Watched ended(String id, int place, int restarts, int failures, Instant at) {
        return watched(id, place, restarts, failures, at.minusSeconds(1), new Ended("exited with code 3"), at);
    }

    private static Watched until(Watched task, Instant killAt) {
        return new Watched(task.task(), task.health(), task.doom(), killAt, task.endedAt());
    }

    private static Watched watched(
            String id,
            int place,
            int restarts,
            int failures,
            Instant since,
            Condition condition,
            @Nullable Instant end) {
        Launch launch = new Launch(id, place, restarts, failures, restarts == 0 ? "" : "out of luck", since);
        return new Watched(
                new ObservedTask(launch, "127.0.0.1", Map.of(), condition), HealthRecord.NONE, null, null, end);
    }

    private static Workload workload(int tasks) {
        return new Workload(
                "shop",
                "acme/shop:1",
                tasks,
                100,
                64,
                List.of(),
                Map.of(),
                new Health.Running(),
                Duration.ofSeconds(5));
    }
}
