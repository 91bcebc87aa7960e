package io.switchboard.engine.marathon;

import io.switchboard.engine.Acceptance;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.Task;
import io.switchboard.engine.Task.State;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Orders at random, while everything that may go wrong does, on a clock of its own. The same seed gives the same run.
 *
 * <p>The engine has converged when nothing is left for it to do but to wait for Marathon: every app is as wanted, or
 * locked by a deployment of Marathon's. How long the engine owes Marathon a call that Marathon would take is measured at
 * all times and bounded once nothing goes wrong any more; how long Marathon then takes is its own affair.
 */
final class ChaosRun {

    /** For how long the engine may owe a call that Marathon would take. */
    static final Duration OWES_AT_MOST = Duration.ofSeconds(1);

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int ORDERS = 12;
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(90);
    private static final String INSTANCE = "/switchboard/acme/0193-7/";
    private static final List<String> FOREIGN = List.of("/elsewhere/app", INSTANCE + "theirs");

    /**
     * @param violations none if all is well
     * @param owed the longest that the engine owed a call while nothing went wrong
     */
    record Outcome(List<String> violations, Duration owed) {

        Outcome {
            violations = List.copyOf(violations);
        }
    }

    /** The process that gives orders ends between two calls. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        private Crash() {
            super("crash", null, false, false);
        }
    }

    private final Random random;
    private final Consumer<String> trace;
    private final MarathonSimulator marathon;
    private final Map<String, ChaosOrders> all = new LinkedHashMap<>();
    private final List<String[]> events = new ArrayList<>();
    private final Set<String> violations = new LinkedHashSet<>();
    private final List<String> foreignBefore = new ArrayList<>();
    private final Map<String, Instant> owedSince = new HashMap<>();
    private final Map<String, Instant> surplusSince = new HashMap<>();
    private final Set<String> down = new HashSet<>();
    private final boolean fenced;
    private ChaosLeader leader;
    /** One that was replaced and does not know it; empty if there is none, or it sleeps for good. */
    private @Nullable ChaosLeader old;

    private long epoch;
    private long lastToWrite;
    private boolean faulty;
    private boolean crashes = true;
    private Instant lastTrouble;
    private Duration owed = Duration.ZERO;

    ChaosRun(long seed, Consumer<String> trace) {
        this.random = new Random(seed);
        this.trace = trace;
        this.fenced = random.nextInt(4) > 0;
        int most = random.nextInt(3) == 0 ? 3 + random.nextInt(5) : 100;
        this.marathon = MarathonSimulator.virtual(
                Settings.DEFAULT
                        .withSeed(seed)
                        .withReviveEvery(Duration.ofMillis(500))
                        .withMaxDeployments(most),
                new ScriptedPrograms(task -> Behaviour.PLAIN.stopping(Duration.ofMillis(10 + random.nextInt(600)))));
        this.leader = open();
        this.lastTrouble = marathon.clock().instant();
    }

    private ChaosLeader open() {
        Direct wire = new Direct();
        MarathonEngine engine = new MarathonEngine(
                Examples.properties(List.of(URI.create("http://simulated")), Map.of()),
                wire,
                marathon.clock(),
                ChaosRun::never);
        if (fenced) {
            engine.lead(++epoch);
            wire.epoch = epoch;
        }
        events.clear();
        marathon.cutStreams();
        marathon.subscribe(EventStream.TYPES, (type, data) -> events.add(new String[] {type, data}));
        engine.lookout().hearsWhile(() -> marathon.subscribers() > 0);
        return new ChaosLeader(engine, marathon.clock());
    }

    private static Acceptance never(CompletableFuture<Acceptance> answer, Duration most) {
        throw new IllegalStateException("nobody waits here");
    }

    private void say(Supplier<String> what) {
        trace.accept(marathon.clock().instant() + " " + what.get());
    }

    /** Calls of one leader's engine. */
    private final class Direct implements Transport {

        private final Transport wire = new DirectTransport(marathon);
        private long epoch;

        @Override
        public Reply send(String method, String target, byte[] body) {
            String sent = target + " " + new String(body, StandardCharsets.UTF_8);
            String before = marathon.version();
            crashMaybe();
            try {
                Reply reply = wire.send(method, target, body);
                say(method, sent + " -> " + reply.status());
                crashMaybe();
                return reply;
            } catch (WireFailure e) {
                say(method, sent + ": " + e.getMessage());
                throw e;
            } finally {
                judge(before, sent);
            }
        }

        private void say(String method, String call) {
            if (!method.equals("GET")) {
                ChaosRun.this.say(() -> "epoch " + epoch + " " + method + " " + call);
            }
        }

        /** Once a later leader has changed anything, an earlier one changes nothing. */
        private void judge(String before, String call) {
            boolean ofWorkloads = call.contains("acme/0193-7") || call.contains("acme_0193-7");
            if (!ofWorkloads || marathon.version().equals(before)) {
                return;
            }
            if (epoch < lastToWrite) {
                violations.add("epoch " + epoch + " changed something after epoch " + lastToWrite + ": " + call);
            }
            lastToWrite = Math.max(lastToWrite, epoch);
        }

        private void crashMaybe() {
            if (crashes && random.nextInt(200) == 0) {
                throw new Crash();
            }
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

    // --- the run

    Outcome run() {
        foreign();
        for (int n = 0; n < ORDERS; n++) {
            order();
            goWrong();
            for (int tick = random.nextInt(20); tick >= 0; tick--) {
                tick();
            }
        }
        // In the middle of whatever the engine is about to do.
        for (int tick = random.nextInt(20); tick >= 0; tick--) {
            tick();
        }
        calm();
        end();
        return new Outcome(List.copyOf(violations), owed);
    }

    private void foreign() {
        FOREIGN.forEach(id -> post("{\"id\":\"" + id + "\",\"cmd\":\"sleep 1\"}"));
        FOREIGN.forEach(id -> foreignBefore.add(marathon.app(id).orElseThrow()));
        if (random.nextInt(4) == 0) {
            post("{\"id\":\"" + INSTANCE + "orphan\",\"cmd\":\"sleep 1\",\"labels\":{\"" + Labels.PLATFORM
                    + "\":\"acme-platform\",\"" + Labels.WORKLOAD + "\":\"orphan\"}}");
        }
    }

    private void post(String app) {
        try {
            marathon.call("POST", "/v2/apps", Map.of(), app);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void tick() {
        marathon.advance(TICK);
        List<String[]> heard = List.copyOf(events);
        events.clear();
        for (String[] event : heard) {
            leader.engine().lookout().happened(event[0], JSON.readTree(event[1]));
        }
        if (marathon.subscribers() == 0 && marathon.isLed()) {
            listen();
        }
        try {
            Set<String> unwanted = new HashSet<>();
            violations.addAll(leader.step(all.values(), unwanted));
            unwanted.forEach(name -> {
                say(() -> name + " is known and not wanted");
                all.put(name, ChaosOrders.unwanted(name));
            });
        } catch (Crash e) {
            restart();
        }
        oldLeader();
        watch();
    }

    private void listen() {
        marathon.subscribe(EventStream.TYPES, (type, data) -> events.add(new String[] {type, data}));
        leader.engine().lookout().opened();
    }

    private void restart() {
        say(() -> "the leader ends, another one starts");
        leader = open();
        lastTrouble = marathon.clock().instant();
    }

    /** Asks for what it may have wanted, or wants to finish what it began. */
    private void oldLeader() {
        ChaosLeader late = old;
        if (late == null || random.nextInt(3) > 0) {
            return;
        }
        try {
            if (leader.engine().changes().leads() && random.nextInt(4) == 0 && !all.isEmpty()) {
                ChaosOrders one = any(List.copyOf(all.values()));
                late.ask(
                        switch (random.nextInt(3)) {
                            case 0 -> new Change.Ensure(Examples.shop(one.name(), random.nextInt(5)));
                            case 1 -> new Change.Remove(one.name());
                            default -> new Change.Stop(one.name(), livingIds(one.name()));
                        });
            }
            late.stepEngine();
        } catch (Crash e) {
            old = null;
        }
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    // --- orders

    private void order() {
        List<ChaosOrders> present =
                all.values().stream().filter(each -> !each.removed()).toList();
        if (present.size() < 2 || random.nextInt(4) == 0) {
            ChaosOrders fresh = new ChaosOrders("w" + all.size(), 1 + random.nextInt(3));
            all.put(fresh.name(), fresh);
            ordered(fresh);
            return;
        }
        ChaosOrders one = any(present);
        if (leader.engine().changes().leads() && leader.isIdle(one.name()) && isAsWanted(one)) {
            one.settle(livingIds(one.name()));
        }
        switch (random.nextInt(5)) {
            case 0 -> one.more(1 + random.nextInt(3));
            case 1 -> one.fewer(random.nextInt(one.tasks() + 1));
            case 2 -> one.remove();
            default -> stopSome(one);
        }
        ordered(one);
    }

    private void ordered(ChaosOrders one) {
        say(() -> "ordered: " + one);
        leader.wake(one.name());
    }

    private void stopSome(ChaosOrders one) {
        try {
            List<String> ready = leader.engine().tasks(one.name()).stream()
                    .filter(task -> task.state() == State.READY && !one.isChosen(task.id()))
                    .map(Task::id)
                    .toList();
            int count = Math.min(1 + random.nextInt(2), Math.min(ready.size(), one.tasks()));
            one.stop(ready.subList(0, count));
        } catch (EngineUnavailable e) {
            // Nobody stops what can't be seen.
        } catch (Crash e) {
            restart();
        }
    }

    // --- what goes wrong

    private void goWrong() {
        switch (random.nextInt(13)) {
            case 0, 1, 2 -> faults(Faults.MANY);
            case 3 -> faults(Faults.NONE);
            case 4 -> {
                say(() -> "Marathon's leader changes");
                marathon.failOver(Duration.ofMillis(200 + random.nextInt(2000)));
            }
            case 5 -> {
                String host = any(marathon.hosts());
                down.add(host);
                accident("node " + host + " is not seen", () -> marathon.agentDown(host));
            }
            case 6 -> {
                String host = any(marathon.hosts());
                down.remove(host);
                accident("node " + host + " is seen", () -> marathon.agentUp(host));
            }
            case 7 -> {
                String host = any(marathon.hosts());
                down.add(host);
                accident("node " + host + " is lost", () -> marathon.agentLost(host));
            }
            case 8 -> accident("nodes shrink", () -> marathon.resizeAgents(0.6, 16384));
            case 9 -> accident("nodes grow", () -> marathon.resizeAgents(16, 16384));
            case 10 -> {
                List<String> living = marathon.livingTasks();
                if (!living.isEmpty()) {
                    String task = any(living);
                    accident(task + " exits", () -> marathon.exit(task, 1));
                }
            }
            case 11 -> {
                if (fenced) {
                    say(() -> "the leader sleeps, another one leads");
                    old = leader;
                }
                restart();
            }
            default -> restart();
        }
    }

    private void faults(Faults now) {
        say(() -> now.equals(Faults.NONE) ? "no faults" : "many faults");
        faulty = !now.equals(Faults.NONE);
        marathon.faults(now);
    }

    private void accident(String what, Runnable happens) {
        say(() -> what);
        Set<String> ended = new HashSet<>(marathon.livingTasks());
        happens.run();
        marathon.livingTasks().forEach(ended::remove);
        all.values().forEach(orders -> orders.excuse(ended));
    }

    private void calm() {
        crashes = false;
        faults(Faults.NONE);
        marathon.hosts().forEach(host -> accident("node " + host + " is seen", () -> marathon.agentUp(host)));
        down.clear();
        accident("nodes grow", () -> marathon.resizeAgents(16, 16384));
        lastTrouble = marathon.clock().instant();
    }

    // --- what must hold at all times

    private void watch() {
        Instant now = marathon.clock().instant();
        if (faulty || !marathon.isLed() || !down.isEmpty()) {
            lastTrouble = now;
        }
        Map<String, Integer> living = new HashMap<>();
        for (String id : marathon.reachableTasks()) {
            workload(id).ifPresent(name -> living.merge(name, 1, Integer::sum));
        }
        Set<String> names = new HashSet<>(living.keySet());
        names.addAll(all.keySet());
        boolean full = marathon.deployments() >= marathon.maxDeployments();
        for (String name : names) {
            ChaosOrders orders = all.get(name);
            int count = living.getOrDefault(name, 0);
            int wanted = orders == null ? 0 : orders.tasks();
            if (orders != null && count > orders.peak()) {
                violations.add(count + " tasks of " + name + ", never more than " + orders.peak() + " wanted");
            }
            Duration surplus = lasting(surplusSince, name, count > wanted, now);
            if (surplus.compareTo(ChaosLeader.SWEEP) > 0) {
                violations.add(count + " tasks of " + name + " for longer than a sweep, " + wanted + " wanted");
            }
            boolean owes = orders != null && !isAsWanted(orders) && isFree(orders, full);
            Duration owing = lasting(owedSince, name, owes, now);
            owed = owing.compareTo(owed) > 0 ? owing : owed;
            if (owing.compareTo(OWES_AT_MOST) > 0) {
                violations.add(name + " could be as wanted, but Marathon was not told for longer than " + OWES_AT_MOST);
            }
        }
    }

    /** For how long that has been so, not counting time in which something went wrong. */
    private Duration lasting(Map<String, Instant> since, String name, boolean holds, Instant now) {
        if (!holds) {
            since.remove(name);
            return Duration.ZERO;
        }
        Instant from = since.computeIfAbsent(name, key -> now);
        return Duration.between(from.isBefore(lastTrouble) ? lastTrouble : from, now);
    }

    /** Whether Marathon has been told everything. */
    private boolean isAsWanted(ChaosOrders orders) {
        OptionalInt instances = marathon.instances(INSTANCE + orders.name());
        if (orders.removed()) {
            return instances.isEmpty();
        }
        return instances.isPresent()
                && instances.getAsInt() == orders.tasks()
                && Collections.disjoint(orders.toStop(), marathon.livingTasks());
    }

    /** Whether Marathon would take a change now; a deletion it takes even so, but not before the change that waits. */
    private boolean isFree(ChaosOrders orders, boolean full) {
        boolean free = !full && !marathon.isLocked(INSTANCE + orders.name()) && !isLeaving(orders);
        return free || orders.removed() && !leader.waits(orders.name());
    }

    /** Whether more tasks exist than the app has by now. */
    private boolean isLeaving(ChaosOrders orders) {
        long there = marathon.tasks().stream()
                .filter(id -> workload(id).equals(Optional.of(orders.name())))
                .count();
        return !orders.toStop().isEmpty()
                && there > marathon.instances(INSTANCE + orders.name()).orElse(0);
    }

    private Optional<String> workload(String taskId) {
        int end = taskId.indexOf(".instance-");
        String prefix = "switchboard_acme_0193-7_";
        return taskId.startsWith(prefix) && !taskId.startsWith(prefix + "theirs")
                ? Optional.of(taskId.substring(prefix.length(), end))
                : Optional.empty();
    }

    private Set<String> livingIds(String name) {
        Set<String> ids = new HashSet<>();
        for (String id : marathon.livingTasks()) {
            if (workload(id).equals(Optional.of(name))) {
                ids.add(id);
            }
        }
        return ids;
    }

    // --- what must be so in the end

    private void end() {
        Instant latest = marathon.clock().instant().plus(ENDS_WITHIN);
        List<String> lacking = lacking();
        while (!lacking.isEmpty() && marathon.clock().instant().isBefore(latest)) {
            tick();
            lacking = lacking();
        }
        violations.addAll(lacking);
        for (ChaosOrders orders : all.values()) {
            Set<String> living = livingIds(orders.name());
            Set<String> ended = orders.endedUnchosen(living);
            if (!ended.isEmpty()) {
                violations.add("tasks of " + orders.name() + " ended that nobody chose: " + ended);
            }
            Set<String> back = orders.back(living);
            if (!back.isEmpty()) {
                violations.add("stopped tasks of " + orders.name() + " run: " + back);
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
        for (ChaosOrders orders : all.values()) {
            int count = livingIds(orders.name()).size();
            if (!isAsWanted(orders) || count != orders.tasks()) {
                lacking.add(count + " tasks run at the end of " + orders);
            }
        }
        if (lacking.isEmpty()) {
            seen(lacking);
        }
        return lacking;
    }

    private void seen(List<String> lacking) {
        try {
            Set<String> workloads = leader.engine().workloads();
            for (String unknown : workloads) {
                if (!all.containsKey(unknown)) {
                    lacking.add(unknown + " is known and not wanted");
                }
            }
            for (ChaosOrders orders : all.values()) {
                if (orders.removed() == workloads.contains(orders.name())) {
                    lacking.add(orders.name() + (orders.removed() ? " is still known" : " is not known"));
                }
                long ready = leader.engine().tasks(orders.name()).stream()
                        .filter(task -> task.state() == State.READY)
                        .count();
                if (ready != orders.tasks()) {
                    lacking.add(ready + " tasks seen ready of " + orders);
                }
            }
        } catch (EngineUnavailable e) {
            lacking.add("Marathon is not seen: " + e.getMessage());
        }
    }
}
