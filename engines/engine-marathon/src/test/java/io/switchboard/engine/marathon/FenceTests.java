package io.switchboard.engine.marathon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.marathon.simulator.Faults;
import io.switchboard.marathon.simulator.MarathonSimulator;
import io.switchboard.marathon.simulator.ScriptedPrograms;
import io.switchboard.marathon.simulator.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FenceTests {

    private static final String APP = "/switchboard/acme/0193-7/shop";

    private final MarathonSimulator marathon =
            MarathonSimulator.virtual(Settings.DEFAULT.withReviveEvery(Duration.ofMillis(500)), new ScriptedPrograms());

    private SteppedEngine leader(long epoch) {
        return new SteppedEngine(marathon, new DirectTransport(marathon), epoch);
    }

    private static Change ensure(int tasks) {
        return new Change.Ensure(Examples.shop("shop", tasks));
    }

    @Test
    void aLeaderThatWasReplacedChangesNothing() {
        SteppedEngine first = leader(1);
        first.make(ensure(3));
        first.untilReady("shop", 3);
        String victim = first.ready("shop").getFirst();
        SteppedEngine second = leader(2);
        second.make(ensure(4));

        refused(first, ensure(1));
        refused(first, new Change.Ensure(Examples.shop("another", 1)));
        refused(first, new Change.Stop("shop", Set.of(victim)));
        refused(first, new Change.Remove("shop"));

        second.untilReady("shop", 4);
        assertThat(second.ready("shop")).contains(victim);
        assertThat(marathon.apps()).containsExactly(APP, "/switchboard/leader/acme-platform/2");
    }

    private static void refused(SteppedEngine engine, Change change) {
        assertThatExceptionOfType(EngineUnavailable.class)
                .isThrownBy(() -> engine.make(change))
                .havingCause()
                .withMessageContaining("epoch 1 no longer leads");
    }

    @Test
    void whatALeaderBeganBeforeItWasReplacedIsNotFinished() {
        SteppedEngine first = leader(1);
        first.make(ensure(1));
        // The deployment of this one goes on, so that the next change waits for it.
        first.make(ensure(2));
        Changes.Item waiting = first.engine().begin(ensure(5));
        first.engine().step();
        assertThat(waiting.answer()).isNotDone();

        SteppedEngine second = leader(2);
        second.until(() -> second.engine().changes().leads());
        first.until(() -> waiting.answer().isDone());

        assertThat(waiting.answer()).isCompletedExceptionally();
        assertThat(marathon.instances(APP)).hasValue(2);
    }

    @Test
    void aLeaderTakesOverBeforeItHasAnythingToDo() {
        leader(1).make(ensure(1));
        SteppedEngine second = leader(2);

        second.tick();

        assertThat(second.engine().changes().leads()).isTrue();
        assertThat(marathon.apps()).containsExactly(APP, "/switchboard/leader/acme-platform/2");
    }

    @Test
    void whoLeadsOnceMoreWithALaterEpochMayChangeThings() {
        SteppedEngine first = leader(1);
        first.make(ensure(1));
        leader(2).make(ensure(2));

        first.engine().lead(3);

        assertThat(first.make(ensure(3))).isEqualTo(new Accepted());
        assertThat(marathon.instances(APP)).hasValue(3);
    }

    @Test
    void anEarlierLeaderThatComesLateDoesNotTakeOver() {
        SteppedEngine early = leader(1);
        leader(2).make(ensure(2));

        refused(early, ensure(1));

        assertThat(marathon.instances(APP)).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void takingOverWorksHoweverItsCallsEnd(long seed) {
        MarathonSimulator moody = MarathonSimulator.virtual(
                Settings.DEFAULT.withSeed(seed).withReviveEvery(Duration.ofMillis(500)), new ScriptedPrograms());
        SteppedEngine first = new SteppedEngine(moody, new DirectTransport(moody), 1);
        first.make(ensure(1));
        moody.faults(Faults.NONE.withErrors(0.3, 0.3).withVisibleAfter(Duration.ofMillis(300)));

        SteppedEngine second = new SteppedEngine(moody, new DirectTransport(moody), 2);
        second.until(() -> second.engine().changes().leads());
        moody.faults(Faults.NONE);

        assertThat(moody.apps()).containsExactly(APP, "/switchboard/leader/acme-platform/2");
        refused(first, ensure(5));
    }

    @Test
    void withoutALeaderNothingIsMarked() {
        SteppedEngine engine = leader(0);

        engine.make(List.of(ensure(1), new Change.Ensure(Examples.shop("another", 1))));

        assertThat(marathon.apps()).containsExactly("/switchboard/acme/0193-7/another", APP);
    }
}
