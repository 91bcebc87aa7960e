package io.switchboard.engine.marathon;

import io.switchboard.engine.Acceptance;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.Task;
import io.switchboard.engine.Task.State;
import io.switchboard.marathon.simulator.MarathonSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/** An engine over a simulated Marathon, both on the clock that the test moves. */
final class SteppedEngine {

    static final Duration TICK = Duration.ofMillis(100);

    private final MarathonSimulator marathon;
    private final MarathonEngine engine;

    /** @param epoch of its leader; 0 if nobody leads */
    SteppedEngine(MarathonSimulator marathon, Transport wire, long epoch) {
        this.marathon = marathon;
        this.engine = new MarathonEngine(
                Examples.properties(List.of(URI.create("http://simulated")), Map.of()),
                wire,
                marathon.clock(),
                (answer, most) -> {
                    throw new IllegalStateException("nobody waits here");
                });
        if (epoch > 0) {
            engine.lead(epoch);
        }
    }

    MarathonEngine engine() {
        return engine;
    }

    void tick() {
        marathon.advance(TICK);
        engine.step();
    }

    /** Ticks until it is so; fails after a minute of the simulator's. */
    void until(BooleanSupplier condition) {
        for (int ticks = 0; !condition.getAsBoolean(); ticks++) {
            if (ticks == 600) {
                throw new AssertionError("not so after a minute");
            }
            tick();
        }
    }

    /** Has changes made that are asked for at the same moment. */
    void make(List<Change> changes) {
        List<Changes.Item> items = changes.stream().map(engine::begin).toList();
        until(() -> items.stream().allMatch(item -> item.answer().isDone()));
        items.forEach(item -> answer(item));
    }

    Acceptance make(Change change) {
        Changes.Item item = engine.begin(change);
        until(() -> item.answer().isDone());
        return answer(item);
    }

    private static Acceptance answer(Changes.Item item) {
        try {
            return item.answer().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EngineUnavailable unavailable) {
                throw unavailable;
            }
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    List<String> ready(String workload) {
        return engine.tasks(workload).stream()
                .filter(task -> task.state() == State.READY)
                .map(Task::id)
                .toList();
    }

    void untilReady(String workload, int tasks) {
        until(() -> ready(workload).size() == tasks && engine.tasks(workload).size() == tasks);
    }
}
