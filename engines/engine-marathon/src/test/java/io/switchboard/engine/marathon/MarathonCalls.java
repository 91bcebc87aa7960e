package io.switchboard.engine.marathon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Task;
import io.switchboard.engine.Task.State;
import io.switchboard.marathon.simulator.MarathonSimulator;
import io.switchboard.marathon.simulator.ScriptedPrograms;
import io.switchboard.marathon.simulator.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * How many calls it takes to have many workloads run that are asked for at the same moment, against how many the best
 * plan takes: one bulk update for each thousand, and, for as long as Marathon takes to start the tasks, one look every
 * two seconds and one at the end. Each caller asks for its tasks whenever it gets a hint, as the scheduler does; the
 * leader has taken over before. Time is the simulator's.
 */
final class MarathonCalls {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int UPDATES_AT_ONCE = 1000;
    private static final Duration LOOKS_EVERY = Duration.ofSeconds(2);
    private static final Duration MOST = Duration.ofMinutes(10);

    /** @param starting how long Marathon took to start all tasks, from the first call on */
    record Found(int workloads, int writes, int reads, Duration starting) {

        int calls() {
            return writes + reads;
        }

        int idealCalls() {
            int updates = (workloads + UPDATES_AT_ONCE - 1) / UPDATES_AT_ONCE;
            return updates + (int) starting.dividedBy(LOOKS_EVERY) + 1;
        }

        double ratio() {
            return (double) calls() / idealCalls();
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "{\"workloads\":%d,\"writes\":%d,\"reads\":%d,\"startingSeconds\":%.1f,\"calls\":%d,"
                            + "\"idealCalls\":%d,\"marathonCallRatio\":%.3f}",
                    workloads,
                    writes,
                    reads,
                    starting.toMillis() / 1e3,
                    calls(),
                    idealCalls(),
                    ratio());
        }
    }

    private final MarathonSimulator marathon =
            MarathonSimulator.virtual(Settings.DEFAULT.withReviveEvery(Duration.ofMillis(500)), new ScriptedPrograms());
    private final SteppedEngine stepped = new SteppedEngine(marathon, new DirectTransport(marathon), 1);
    private final MarathonEngine engine = stepped.engine();
    private final List<String[]> events = new ArrayList<>();
    private final Set<String> hinted = new HashSet<>();
    private final Set<String> ready = new HashSet<>();

    private MarathonCalls() {
        marathon.resizeAgents(100_000, 100_000_000);
        marathon.subscribe(EventStream.TYPES, (type, data) -> events.add(new String[] {type, data}));
        engine.lookout().hearsWhile(() -> true);
        engine.onChange(hinted::add);
        stepped.until(() -> engine.changes().leads());
        marathon.forgetCalls();
    }

    static Found measure(int workloads) {
        return new MarathonCalls().run(workloads);
    }

    private Found run(int workloads) {
        Instant begun = marathon.clock().instant();
        List<Changes.Item> asked = new ArrayList<>();
        for (int n = 0; n < workloads; n++) {
            asked.add(engine.begin(new Change.Ensure(Examples.shop("shop-" + n, 1))));
        }
        Duration starting = Duration.ZERO;
        while (ready.size() < workloads) {
            tick();
            Duration now = Duration.between(begun, marathon.clock().instant());
            if (starting.isZero() && marathon.healthyTasks() == workloads) {
                starting = now;
            }
            if (now.compareTo(MOST) > 0) {
                throw new IllegalStateException(ready.size() + " of " + workloads + " workloads run after " + MOST);
            }
        }
        for (Changes.Item item : asked) {
            if (!item.answer().getNow(new Accepted()).equals(new Accepted())) {
                throw new IllegalStateException("a workload was refused");
            }
        }
        int reads = (int)
                marathon.calls().stream().filter(call -> call.startsWith("GET")).count();
        return new Found(workloads, marathon.calls().size() - reads, reads, starting);
    }

    private void tick() {
        stepped.tick();
        List<String[]> heard = List.copyOf(events);
        events.clear();
        heard.forEach(event -> engine.lookout().happened(event[0], JSON.readTree(event[1])));
        List<String> look = List.copyOf(hinted);
        hinted.clear();
        for (String workload : look) {
            List<Task> tasks = engine.tasks(workload);
            if (tasks.size() == 1 && tasks.getFirst().state() == State.READY) {
                ready.add(workload);
            }
        }
    }

    public static void main(String[] arguments) {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        int workloads = arguments.length == 0 ? 1000 : Integer.parseInt(arguments[0]);
        System.out.println(measure(workloads).line());
    }
}
