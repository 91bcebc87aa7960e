package io.switchboard.marathon.simulator;

import io.switchboard.marathon.simulator.Programs.Ending;
import io.switchboard.marathon.simulator.Programs.Program;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Agents that run programs. Used under the simulator's lock; programs come back through {@code outside}. */
final class SimulatedMesos implements Cluster {

    private static final Duration STARTING = Duration.ofMillis(30);
    private static final Duration RUNNING = Duration.ofMillis(100);

    /** @param cpus of the whole agent, as the other amounts */
    record Capacity(Agent agent, double cpus, double memoryMib, double diskMib, PortRange ports) {}

    private final class Running {
        private final Launch launch;
        private @Nullable Program program;
        private boolean reachable = true;
        private boolean over;
        private boolean told;
        /** How it ended while Mesos could not see its agent. */
        private @Nullable Ending unseen;

        private int failures;
        private boolean everPassed;
        private @Nullable Boolean healthy;
        private Instant startedAt = Instant.EPOCH;

        private Running(Launch launch) {
            this.launch = launch;
        }
    }

    private final Marathon marathon;
    private final Timeline timeline;
    private final Duration reviveEvery;
    private final Programs programs;
    private final Executor outside;
    private final Map<String, Capacity> agents = new LinkedHashMap<>();
    private final Map<String, Boolean> down = new LinkedHashMap<>();
    private final Map<String, Running> tasks = new LinkedHashMap<>();
    private boolean reviving;
    private long offers;

    /** @param outside runs an action under the simulator's lock */
    SimulatedMesos(
            Marathon marathon,
            Timeline timeline,
            Duration reviveEvery,
            List<Capacity> capacities,
            Programs programs,
            Executor outside) {
        this.marathon = marathon;
        this.timeline = timeline;
        this.reviveEvery = reviveEvery;
        this.programs = programs;
        this.outside = outside;
        capacities.forEach(capacity -> agents.put(capacity.agent().host(), capacity));
    }

    // --- offers

    /** On a grid, as Marathon asks. */
    @Override
    public void revive() {
        if (!reviving) {
            reviving = true;
            long grid = reviveEvery.toMillis();
            long now = timeline.now().toEpochMilli();
            timeline.at(Instant.ofEpochMilli((now / grid + 1) * grid), this::offer);
        }
    }

    private void offer() {
        reviving = false;
        List<Offer> all = new ArrayList<>();
        for (Capacity capacity : agents.values()) {
            if (!down.containsKey(capacity.agent().host())) {
                all.add(left(capacity));
            }
        }
        // The emptiest first, so that tasks spread.
        all.sort((one, other) -> Double.compare(other.cpus(), one.cpus()));
        marathon.offers(all, runSpec -> true);
        if (marathon.wantsOffers()) {
            revive();
        }
    }

    private Offer left(Capacity capacity) {
        double cpus = capacity.cpus();
        double memory = capacity.memoryMib();
        double disk = capacity.diskMib();
        for (Running task : tasks.values()) {
            if (task.launch.agent().equals(capacity.agent())) {
                cpus -= task.launch.spec().path("cpus").asDouble();
                memory -= task.launch.spec().path("mem").asDouble();
                disk -= task.launch.spec().path("disk").asDouble();
            }
        }
        return new Offer("offer-" + offers++, capacity.agent(), cpus, memory, disk, capacity.ports());
    }

    /** Another size for all agents, so that offers may be too small. */
    void resize(double cpus, double memoryMib) {
        agents.replaceAll((host, capacity) ->
                new Capacity(capacity.agent(), cpus, memoryMib, capacity.diskMib(), capacity.ports()));
        revive();
    }

    // --- tasks

    @Override
    public void launch(Launch launch) {
        Running task = new Running(launch);
        tasks.put(launch.taskId(), task);
        timeline.in(STARTING, () -> report(task, "TASK_STARTING", "", null));
        timeline.in(RUNNING, () -> start(task));
    }

    private void start(Running task) {
        if (task.over) {
            return;
        }
        task.startedAt = timeline.now();
        task.program =
                programs.start(TaskEnvironment.task(task.launch), ending -> outside.execute(() -> ended(task, ending)));
        report(task, "TASK_RUNNING", "", null);
        for (JsonNode check : task.launch.spec().path("healthChecks")) {
            if (check.path("protocol").asString().startsWith("MESOS_")) {
                check(task, check, Duration.ofSeconds(check.path("delaySeconds").asLong(15)));
            }
        }
    }

    private void ended(Running task, Ending ending) {
        if (task.over) {
            return;
        }
        task.over = true;
        if (task.reachable) {
            tasks.remove(task.launch.taskId());
            report(task, ending.state(), ending.message(), null);
        } else {
            task.unseen = ending;
        }
    }

    private void report(Running task, String state, String message, @Nullable Boolean healthy) {
        if (task.reachable && (!task.over || !state.equals("TASK_STARTING"))) {
            marathon.status(new Status(task.launch.taskId(), state, message, healthy, null));
        }
    }

    @Override
    public void kill(String taskId, Duration grace) {
        Running task = tasks.get(taskId);
        if (task == null || !task.reachable) {
            return;
        }
        Program program = task.program;
        task.told = true;
        if (program == null) {
            timeline.in(STARTING, () -> ended(task, Ending.signalled("Terminated")));
            return;
        }
        // Not at once: whoever kills has not finished telling of it.
        timeline.in(Duration.ofMillis(1), program::terminate);
        timeline.in(grace, () -> {
            if (!task.over) {
                program.kill();
            }
        });
    }

    // --- health

    @Override
    public void check(String taskId, JsonNode check, Consumer<Checked> result) {
        Running task = tasks.get(taskId);
        Program program = task == null ? null : task.program;
        if (task == null || program == null) {
            return;
        }
        ask(task, program, check, status -> {
            boolean passed = passes(check, status);
            String cause = status == 0 ? "Connection refused" : status + " answered";
            result.accept(new Checked(passed, passed ? "" : cause, status, ""));
        });
    }

    private static boolean passes(JsonNode check, int status) {
        for (JsonNode good : check.path("httpStatusCodesForReady")) {
            if (good.asInt() == status) {
                return true;
            }
        }
        return !check.has("httpStatusCodesForReady") && status >= 200 && status < 400;
    }

    private void ask(Running task, Program program, JsonNode check, Consumer<Integer> status) {
        String protocol = check.path("protocol").asString("HTTP");
        int index = check.path("portIndex").asInt(0);
        int port =
                index < task.launch.hostPorts().size() ? task.launch.hostPorts().get(index) : 0;
        String path = protocol.endsWith("TCP") ? "" : check.path("path").asString("/");
        program.ask(port, path, answer -> outside.execute(() -> status.accept(answer)));
    }

    /** As Mesos' executor does: it tells Marathon only what changed, and ends the task itself. */
    private void check(Running task, JsonNode check, Duration delay) {
        timeline.in(delay, () -> {
            Program program = task.program;
            if (!task.over && program != null) {
                ask(task, program, check, status -> checked(task, check, passes(check, status)));
                check(
                        task,
                        check,
                        Duration.ofSeconds(
                                Math.max(1, check.path("intervalSeconds").asLong(60))));
            }
        });
    }

    private void checked(Running task, JsonNode check, boolean passed) {
        if (task.over) {
            return;
        }
        Instant graceEnd =
                task.startedAt.plusSeconds(check.path("gracePeriodSeconds").asLong(300));
        if (!passed && !task.everPassed && timeline.now().isBefore(graceEnd)) {
            return;
        }
        task.failures = passed ? 0 : task.failures + 1;
        task.everPassed |= passed;
        if (!Boolean.valueOf(passed).equals(task.healthy)) {
            task.healthy = passed;
            report(task, "TASK_RUNNING", "", passed);
        }
        int most = check.path("maxConsecutiveFailures").asInt(3);
        if (most > 0 && task.failures >= most) {
            task.failures = Integer.MIN_VALUE;
            kill(task.launch.taskId(), Deployments.grace(task.launch.spec()));
        }
    }

    // --- what befalls agents and tasks

    void agentDown(String host) {
        down.put(host, true);
        onAgent(host).forEach(task -> {
            report(task, "TASK_UNREACHABLE", "agent unreachable", null);
            task.reachable = false;
        });
    }

    void agentUp(String host) {
        down.remove(host);
        onAgent(host).forEach(task -> {
            task.reachable = true;
            Ending unseen = task.unseen;
            if (unseen != null) {
                tasks.remove(task.launch.taskId());
                report(task, unseen.state(), unseen.message(), null);
            } else {
                report(task, "TASK_RUNNING", "", task.healthy);
            }
        });
        revive();
    }

    /** The agent and all that ran on it are gone for good. */
    void agentLost(String host) {
        down.put(host, true);
        onAgent(host).forEach(task -> {
            task.over = true;
            tasks.remove(task.launch.taskId());
            Optional.ofNullable(task.program).ifPresent(Program::kill);
            task.reachable = true;
            marathon.status(Status.of(task.launch.taskId(), "TASK_GONE", "agent removed"));
            task.reachable = false;
        });
    }

    private List<Running> onAgent(String host) {
        return tasks.values().stream()
                .filter(task -> task.launch.agent().host().equals(host))
                .toList();
    }

    @Override
    public void reconcile() {
        List.copyOf(tasks.values()).stream()
                .filter(task -> task.program != null && !task.over)
                .forEach(task -> report(task, "TASK_RUNNING", "", task.healthy));
    }

    /** Ids of tasks that nobody told to end. */
    List<String> living() {
        return tasks.entrySet().stream()
                .filter(entry -> !entry.getValue().told && !entry.getValue().over)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** As {@link #living}, without those on agents that are not seen. */
    List<String> reachable() {
        return tasks.entrySet().stream()
                .filter(entry -> !entry.getValue().told && !entry.getValue().over && entry.getValue().reachable)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Ids of all tasks that exist, whether Marathon knows them or not. */
    List<String> taskIds() {
        return List.copyOf(tasks.keySet());
    }
}
