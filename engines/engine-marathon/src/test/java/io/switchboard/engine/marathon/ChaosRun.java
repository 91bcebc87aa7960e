package io.switchboard.engine.marathon;

import io.switchboard.engine.Acceptance;
import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.Task;
import io.switchboard.engine.Task.State;
import io.switchboard.engine.Workload;
import io.switchboard.marathon.simulator.Answer;
import io.switchboard.marathon.simulator.Faults;
import io.switchboard.marathon.simulator.MarathonSimulator;
import io.switchboard.marathon.simulator.ScriptedPrograms;
import io.switchboard.marathon.simulator.ScriptedPrograms.Behaviour;
import io.switchboard.marathon.simulator.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Orders at random, while everything that may go wrong does, on a clock of its own. Whoever gives the orders behaves as
 * the scheduler does: what was not accepted is tried again, from what is wanted by then. The same seed gives the same
 * run.
 */
final class ChaosRun {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int ORDERS = 12;
    private static final Duration CONVERGES_WITHIN = Duration.ofSeconds(90);
    private static final List<String> FOREIGN = List.of("/elsewhere/app", "/switchboard/acme/0193-7/theirs");

    /** The process that gives orders ends between two calls. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        private Crash() {
            super("crash", null, false, false);
        }
    }

    /** What is wanted of one workload. */
    private static final class Wanted {
        private final String name;
        private int tasks;
        private int peak;
        private boolean removed;
        private final Set<String> toStop = new HashSet<>();
        private final Set<String> stopped = new HashSet<>();
        /** Tasks that no order and no accident allows to end. */
        private Set<String> kept = Set.of();

        private Wanted(String name, int tasks) {
            this.name = name;
            this.tasks = tasks;
            this.peak = tasks;
        }

        private Workload workload() {
            return Examples.shop(name, tasks);
        }
    }

    private final Random random;
    private final MarathonSimulator marathon;
    private final List<Wanted> all = new ArrayList<>();
    private final List<String[]> events = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final List<String> foreignBefore = new ArrayList<>();
    private MarathonEngine engine;
    private boolean crashes;
    private boolean accidents;
    private int names;

    ChaosRun(long seed) {
        this.random = new Random(seed);
        this.marathon = MarathonSimulator.virtual(
                Settings.DEFAULT.withSeed(seed).withReviveEvery(Duration.ofMillis(500)),
                new ScriptedPrograms(task -> Behaviour.PLAIN.stopping(Duration.ofMillis(10 + random.nextInt(600)))));
        this.engine = open();
        marathon.subscribe((type, data) -> events.add(new String[] {type, data}));
    }

    private MarathonEngine open() {
        return new MarathonEngine(
                Examples.properties(List.of(URI.create("http://simulated")), Map.of()),
                new Direct(),
                marathon.clock(),
                this::await);
    }

    /** Calls without a network. */
    private final class Direct implements Transport {

        @Override
        public Reply send(String method, String target, byte[] body) {
            crashMaybe();
            try {
                Answer answer = marathon.call(method, target, Map.of(), new String(body, StandardCharsets.UTF_8));
                crashMaybe();
                if (answer.status() == 502) {
                    throw new WireFailure("there is no leader", true, null);
                }
                return new Reply(answer.status(), answer.body());
            } catch (IOException e) {
                throw new WireFailure(String.valueOf(e.getMessage()), true, e);
            }
        }

        private void crashMaybe() {
            if (crashes && random.nextInt(200) == 0) {
                throw new Crash();
            }
        }

        @Override
        public InputStream events(String target) {
            throw new WireFailure("events come directly", false, null);
        }

        @Override
        public void close() {}
    }

    private Acceptance await(CompletableFuture<Acceptance> answer, Duration most)
            throws ExecutionException, TimeoutException, InterruptedException {
        for (Duration waited = Duration.ZERO; waited.compareTo(most) < 0; waited = waited.plus(TICK)) {
            engine.changes().step();
            if (answer.isDone()) {
                return answer.get();
            }
            tick();
        }
        throw new TimeoutException();
    }

    private void tick() {
        marathon.advance(TICK);
        List<String[]> heard = List.copyOf(events);
        events.clear();
        heard.forEach(event -> engine.lookout().happened(event[0], JSON.readTree(event[1])));
        for (Wanted wanted : all) {
            long living = living(wanted);
            if (!accidents && living > wanted.peak) {
                violations.add(living + " tasks of " + wanted.name + ", never more than " + wanted.peak + " wanted");
            }
        }
    }

    private long living(Wanted wanted) {
        return livingIds(wanted).size();
    }

    private Set<String> livingIds(Wanted wanted) {
        Set<String> ids = new HashSet<>();
        for (String id : marathon.livingTasks()) {
            if (id.contains("_" + wanted.name + ".instance-")) {
                ids.add(id);
            }
        }
        return ids;
    }

    // --- the run

    List<String> run() {
        foreign();
        // A lookout that hears its stream needs fewer looks; here it has none and looks by the clock.
        crashes = true;
        for (int n = 0; n < ORDERS; n++) {
            order();
            goWrong();
            for (int tick = random.nextInt(20); tick >= 0; tick--) {
                tick();
                if (random.nextInt(3) == 0) {
                    reconcile();
                }
            }
        }
        calm();
        converge();
        return violations;
    }

    private void foreign() {
        for (String id : FOREIGN) {
            String body = "{\"id\":\"" + id + "\",\"cmd\":\"sleep 1\"}";
            try {
                marathon.call("POST", "/v2/apps", Map.of(), body);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            foreignBefore.add(marathon.app(id).orElseThrow());
        }
    }

    private void order() {
        List<Wanted> present = all.stream().filter(each -> !each.removed).toList();
        if (present.size() < 2 || random.nextInt(4) == 0) {
            all.add(new Wanted("w" + names++, 1 + random.nextInt(3)));
            return;
        }
        Wanted one = present.get(random.nextInt(present.size()));
        settle(one);
        switch (random.nextInt(5)) {
            case 0 -> {
                one.tasks += 1 + random.nextInt(3);
                one.peak = Math.max(one.peak, one.tasks);
            }
            case 1 -> {
                one.tasks = random.nextInt(one.tasks + 1);
                one.kept = Set.of();
            }
            case 2 -> {
                one.removed = true;
                one.kept = Set.of();
            }
            default -> stopSome(one);
        }
    }

    /** What runs exactly as wanted may only end by an order from now on. */
    private void settle(Wanted one) {
        Set<String> living = livingIds(one);
        if (living.size() == one.tasks && one.toStop.isEmpty()) {
            one.kept = living;
        }
    }

    private void stopSome(Wanted one) {
        try {
            List<Task> ready = engine.tasks(one.name).stream()
                    .filter(task -> task.state() == State.READY)
                    .filter(task -> !one.stopped.contains(task.id()) && !one.toStop.contains(task.id()))
                    .toList();
            int count = Math.min(1 + random.nextInt(2), Math.min(ready.size(), one.tasks));
            Set<String> kept = new HashSet<>(one.kept);
            for (Task task : ready.subList(0, count)) {
                one.toStop.add(task.id());
                kept.remove(task.id());
            }
            one.kept = kept;
            one.tasks -= count;
        } catch (EngineUnavailable e) {
            // Nobody stops what can't be seen.
        } catch (Crash e) {
            engine = open();
        }
    }

    private void goWrong() {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> marathon.faults(Faults.MANY);
            case 3 -> marathon.faults(Faults.NONE);
            case 4 -> marathon.failOver(Duration.ofMillis(200 + random.nextInt(2000)));
            case 5 -> accident(() -> marathon.agentDown(host()));
            case 6 -> accident(() -> marathon.agentUp(host()));
            case 7 -> accident(() -> marathon.agentLost(host()));
            case 8 -> marathon.resizeAgents(0.6, 16384);
            case 9 -> marathon.resizeAgents(16, 16384);
            case 10 -> accident(this::exitOne);
            default -> engine = open();
        }
    }

    private void accident(Runnable what) {
        accidents = true;
        all.forEach(each -> each.kept = Set.of());
        what.run();
    }

    private String host() {
        return marathon.hosts().get(random.nextInt(3));
    }

    private void exitOne() {
        List<String> living = marathon.livingTasks();
        if (!living.isEmpty()) {
            marathon.exit(living.get(random.nextInt(living.size())), 1);
        }
    }

    /** As the scheduler: whatever is not as wanted is asked for once more. */
    private void reconcile() {
        if (random.nextInt(4) == 0) {
            burst();
            return;
        }
        for (Wanted wanted : all) {
            try {
                reconcile(wanted);
            } catch (EngineUnavailable e) {
                // The next round tries again.
            } catch (Crash e) {
                engine = open();
            }
        }
    }

    private void reconcile(Wanted wanted) {
        if (wanted.removed) {
            if (engine.workloads().contains(wanted.name)) {
                engine.remove(wanted.name);
            }
            return;
        }
        if (!wanted.toStop.isEmpty()) {
            engine.stopTasks(wanted.name, wanted.toStop);
            wanted.stopped.addAll(wanted.toStop);
            wanted.toStop.clear();
        }
        Acceptance answer = engine.ensure(wanted.workload());
        if (!answer.equals(new Accepted())) {
            violations.add(wanted.name + " was refused: " + answer);
        }
    }

    /** All at once, as many threads would. */
    private void burst() {
        List<CompletableFuture<Acceptance>> answers = new ArrayList<>();
        try {
            engine.workloads();
            for (Wanted wanted : all) {
                if (!wanted.removed && wanted.toStop.isEmpty()) {
                    answers.add(engine.changes().submit(new Change.Ensure(wanted.workload())));
                }
            }
            for (CompletableFuture<Acceptance> answer : answers) {
                await(answer, Duration.ofSeconds(30));
            }
        } catch (Crash e) {
            engine = open();
        } catch (EngineUnavailable | ExecutionException | TimeoutException e) {
            // The next round tries again.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // --- the end

    private void calm() {
        crashes = false;
        marathon.faults(Faults.NONE);
        marathon.hosts().forEach(marathon::agentUp);
        marathon.resizeAgents(16, 16384);
    }

    private void converge() {
        List<String> lacking = List.of();
        for (Duration waited = Duration.ZERO;
                waited.compareTo(CONVERGES_WITHIN) < 0;
                waited = waited.plus(Duration.ofSeconds(1))) {
            reconcile();
            for (int n = 0; n < 10; n++) {
                tick();
            }
            lacking = lacking();
            if (lacking.isEmpty()) {
                break;
            }
        }
        violations.addAll(lacking);
        for (Wanted wanted : all) {
            Set<String> ended = new HashSet<>(wanted.kept);
            ended.removeAll(livingIds(wanted));
            if (!ended.isEmpty() && !wanted.removed && !accidents) {
                violations.add("tasks of " + wanted.name + " ended that nobody chose: " + ended);
            }
            Set<String> back = new HashSet<>(wanted.stopped);
            back.retainAll(livingIds(wanted));
            if (!back.isEmpty()) {
                violations.add("stopped tasks of " + wanted.name + " run: " + back);
            }
        }
        for (int n = 0; n < FOREIGN.size(); n++) {
            if (!marathon.app(FOREIGN.get(n)).orElse("").equals(foreignBefore.get(n))) {
                violations.add("foreign app " + FOREIGN.get(n) + " was touched");
            }
        }
    }

    /** What is not yet as wanted, as seen from above and by the engine. */
    private List<String> lacking() {
        List<String> lacking = new ArrayList<>();
        try {
            Set<String> workloads = engine.workloads();
            for (Wanted wanted : all) {
                if (wanted.removed == workloads.contains(wanted.name)) {
                    lacking.add(wanted.name + (wanted.removed ? " is still there" : " is missing"));
                }
                int tasks = wanted.removed ? 0 : wanted.tasks;
                if (living(wanted) != tasks) {
                    lacking.add(living(wanted) + " tasks of " + wanted.name + " run, " + tasks + " wanted");
                }
                long ready = engine.tasks(wanted.name).stream()
                        .filter(task -> task.state() == State.READY)
                        .count();
                if (ready != tasks) {
                    lacking.add(ready + " tasks of " + wanted.name + " seen ready, " + tasks + " wanted");
                }
            }
        } catch (EngineUnavailable e) {
            lacking.add("Marathon is not seen: " + e.getMessage());
        }
        return lacking;
    }
}
