package io.switchboard.engine.marathon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.engine.EngineUnavailable;
import io.switchboard.marathon.simulator.Faults;
import io.switchboard.marathon.simulator.MarathonSimulator;
import io.switchboard.marathon.simulator.ScriptedPrograms;
import io.switchboard.marathon.simulator.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever waits because Marathon gave no answer goes on as soon as it answers. */
class AnsweringAgainTests {

    private static final String APP = "/switchboard/acme/0193-7/shop";
    private static final int SOON = 5;

    private final MarathonSimulator marathon =
            MarathonSimulator.virtual(Settings.DEFAULT.withReviveEvery(Duration.ofMillis(500)), new ScriptedPrograms());
    private final SteppedEngine engine = new SteppedEngine(marathon, new DirectTransport(marathon), 0);

    @Test
    void aChangeThatPausesIsMade() {
        engine.make(ensure(1));
        engine.untilReady("shop", 1);
        marathon.faults(Faults.NONE.withErrors(1, 0));
        Changes.Item change = engine.engine().changes().add(ensure(3));
        ticks(8);
        assertThat(change.answer()).isNotDone();

        marathon.faults(Faults.NONE);
        ticks(SOON);

        assertThat(marathon.instances(APP)).hasValue(3);
        assertThat(change.answer()).isCompleted();
    }

    @Test
    void aCallerThatWasSentAwayIsCalledBack() {
        List<String> hints = new ArrayList<>();
        engine.engine().onChange(hints::add);
        marathon.failOver(Duration.ofSeconds(3));
        assertThatExceptionOfType(EngineUnavailable.class)
                .isThrownBy(() -> engine.engine().begin(ensure(1)));
        ticks(30);
        assertThat(hints).isEmpty();

        ticks(SOON);

        assertThat(hints).containsExactly("shop");
    }

    @Test
    void aCallerWhoseChangeFailedIsCalledBackOnce() {
        engine.make(ensure(1));
        engine.untilReady("shop", 1);
        marathon.faults(Faults.NONE.withErrors(1, 0));
        Changes.Item change = engine.engine().changes().add(ensure(3));
        engine.until(() -> change.answer().isDone());
        assertThat(change.answer()).isCompletedExceptionally();
        List<String> hints = new ArrayList<>();
        engine.engine().onChange(hints::add);

        marathon.faults(Faults.NONE);
        ticks(SOON);

        assertThat(hints).containsExactly("shop");
    }

    private static Change ensure(int tasks) {
        return new Change.Ensure(Examples.shop("shop", tasks));
    }

    private void ticks(int count) {
        for (int tick = 0; tick < count; tick++) {
            engine.tick();
        }
    }
}
