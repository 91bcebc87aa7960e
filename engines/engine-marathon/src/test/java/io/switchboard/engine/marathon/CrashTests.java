package io.switchboard.engine.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.marathon.simulator.MarathonSimulator;
import io.switchboard.marathon.simulator.ScriptedPrograms;
import io.switchboard.marathon.simulator.ScriptedPrograms.Behaviour;
import io.switchboard.marathon.simulator.Settings;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** The process ends just before and just after every single call of every operation; the next one finishes it. */
class CrashTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Ends the process at one call. */
    private static final class CrashingTransport implements Transport {

        private final Transport wire;
        private final int at;
        private final boolean after;
        private int calls;
        private boolean over;

        private CrashingTransport(Transport wire, int at, boolean after) {
            this.wire = wire;
            this.at = at;
            this.after = after;
        }

        @Override
        public Reply send(String method, String target, byte[] body) {
            boolean now = !over && calls++ == at;
            if (now && !after) {
                throw new Crash();
            }
            Reply reply = wire.send(method, target, body);
            if (now) {
                throw new Crash();
            }
            return reply;
        }

        @Override
        public boolean answers() {
            return wire.answers();
        }

        @Override
        public InputStream events(String target) {
            return wire.events(target);
        }

        @Override
        public void close() {}
    }

    /** What a scheduler asks for, again and again until it is accepted, and what has to come of it. */
    enum Operation {
        CREATE(0, ready -> List.of(ensure("shop", 2)), 2, 2),
        CREATE_MANY(0, ready -> List.of(ensure("shop", 2), ensure("second", 1), ensure("third", 3)), 2, 2),
        GROW(2, ready -> List.of(ensure("shop", 4)), 4, 4),
        SHRINK(3, ready -> List.of(ensure("shop", 1)), 1, 3),
        STOP(3, ready -> List.of(new Change.Stop("shop", Set.of(ready.get(1)))), 2, 3),
        REMOVE(2, ready -> List.of(new Change.Remove("shop")), 0, 2);

        private final int before;
        private final Function<List<String>, List<Change>> changes;
        private final int tasks;
        private final int everStarted;

        Operation(int before, Function<List<String>, List<Change>> changes, int tasks, int everStarted) {
            this.before = before;
            this.changes = changes;
            this.tasks = tasks;
            this.everStarted = everStarted;
        }

        private static Change ensure(String name, int tasks) {
            return new Change.Ensure(Examples.shop(name, tasks));
        }
    }

    private final Set<String> started = new HashSet<>();

    @ParameterizedTest
    @EnumSource(Operation.class)
    void anOperationIsFinishedAfterACrashAtAnyOfItsCalls(Operation operation) {
        int calls = 0;
        while (crashed(operation, calls, false)) {
            assertThat(crashed(operation, calls, true))
                    .as("there is a call %s", calls)
                    .isTrue();
            calls++;
        }

        // A look at the leaders, the mark, another look, the old mark, and at least one change.
        assertThat(calls).isGreaterThan(4);
    }

    /** @return whether there was a call to crash at */
    private boolean crashed(Operation operation, int call, boolean after) {
        started.clear();
        MarathonSimulator marathon = MarathonSimulator.virtual(
                Settings.DEFAULT.withReviveEvery(Duration.ofMillis(500)),
                new ScriptedPrograms(task -> Behaviour.PLAIN.stopping(Duration.ofMillis(400))));
        marathon.subscribe(Set.of("status_update_event"), this::note);
        SteppedEngine first = new SteppedEngine(marathon, new DirectTransport(marathon), 1);
        List<String> before = new ArrayList<>();
        if (operation.before > 0) {
            first.make(new Change.Ensure(Examples.shop("shop", operation.before)));
            first.untilReady("shop", operation.before);
            before.addAll(first.ready("shop"));
        } else {
            first.tick();
        }
        List<Change> changes = operation.changes.apply(before);
        boolean crashed = false;
        CrashingTransport crashing = new CrashingTransport(new DirectTransport(marathon), call, after);
        SteppedEngine last = new SteppedEngine(marathon, crashing, 2);
        try {
            last.make(changes);
            crashing.over = true;
        } catch (Crash e) {
            crashed = true;
            last = new SteppedEngine(marathon, new DirectTransport(marathon), 3);
            last.make(changes);
        }
        check(operation, marathon, last, before, changes);
        return crashed;
    }

    private void check(
            Operation operation,
            MarathonSimulator marathon,
            SteppedEngine engine,
            List<String> before,
            List<Change> changes) {
        if (operation == Operation.STOP) {
            // The scheduler, too, wants one fewer from now on.
            engine.make(new Change.Ensure(Examples.shop("shop", operation.tasks)));
        }
        engine.untilReady("shop", operation.tasks);
        for (int tick = 0; tick < 30; tick++) {
            engine.tick();
        }
        Set<String> known = new HashSet<>();
        changes.forEach(change -> known.add(change.workload()));
        assertThat(engine.engine().workloads()).isEqualTo(operation == Operation.REMOVE ? Set.of() : known);
        assertThat(of("shop", marathon.tasks())).hasSize(operation.tasks);
        assertThat(of("shop", started)).hasSize(operation.everStarted);
        if (operation == Operation.CREATE_MANY) {
            assertThat(of("third", started)).hasSize(3);
        }
        List<String> expected = new ArrayList<>(before);
        if (operation == Operation.STOP) {
            expected.remove(1);
        }
        if (operation == Operation.STOP || operation == Operation.GROW) {
            assertThat(engine.ready("shop")).containsAll(expected);
        }
    }

    private static List<String> of(String workload, Iterable<String> tasks) {
        List<String> of = new ArrayList<>();
        tasks.forEach(id -> {
            if (id.contains("_" + workload + ".instance-")) {
                of.add(id);
            }
        });
        return of;
    }

    private void note(String type, String data) {
        if (type.equals("status_update_event")) {
            started.add(JSON.readTree(data).path("taskId").asString());
        }
    }
}
