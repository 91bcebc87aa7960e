package io.switchboard.engine.process;

import io.switchboard.engine.Acceptance.Reason;
import io.switchboard.engine.Acceptance.Refused;
import io.switchboard.engine.LogPart;
import io.switchboard.engine.Node;
import io.switchboard.engine.PortRange;
import io.switchboard.engine.Usage;
import io.switchboard.engine.Workload;
import io.switchboard.engine.supervision.Desired;
import io.switchboard.engine.supervision.Launch;
import io.switchboard.engine.supervision.ObservedTask;
import io.switchboard.engine.supervision.ObservedTask.Alive;
import io.switchboard.engine.supervision.ObservedTask.Condition;
import io.switchboard.engine.supervision.ObservedTask.Ended;
import io.switchboard.engine.supervision.ObservedTask.Offending;
import io.switchboard.engine.supervision.Runner;
import io.switchboard.engine.supervision.StartFailed;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tasks as processes of this machine that outlive this JVM; see {@link RecordStore} for what is kept of them. */
final class ProcessRunner implements Runner {

    private static final Logger log = LoggerFactory.getLogger(ProcessRunner.class);
    private static final Duration MEASURE_EVERY = Duration.ofSeconds(1);

    private final ProcessEngineProperties properties;
    private final Machine machine;
    private final RecordStore store;
    private final Programs programs;
    private final Launcher launcher;
    private final TaskPorts ports;
    private final Processes processes;
    private final Accounting accounting;
    private final Map<String, TaskRecord> tasks = new ConcurrentHashMap<>();
    /** How tasks ended, noted once so that it stays the same. */
    private final Map<String, String> ends = new ConcurrentHashMap<>();

    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("process-engine-rounds").factory());
    private volatile Consumer<String> hint = workload -> {};

    ProcessRunner(ProcessEngineProperties properties, Machine machine, Clock clock) {
        this.properties = properties;
        this.machine = machine;
        this.store = new RecordStore(properties.directory().toAbsolutePath().normalize());
        this.programs = new Programs(properties.programs());
        this.launcher = new Launcher(
                properties.directory().toAbsolutePath().normalize(), properties.host(), properties.sdpAddress());
        this.ports = new TaskPorts(properties);
        Proc proc = new Proc(Path.of("/proc"));
        this.processes = new Processes(proc, launcher.marker());
        this.accounting = new Accounting(proc, clock);
    }

    @Override
    public Node node() {
        return new Node(properties.host(), machine.cpuMillis(), machine.memoryMib(), Optional.of(ports.media()));
    }

    @Override
    public Optional<Refused> refusal(Workload workload) {
        if (programs.command(workload).isEmpty()) {
            return Optional.of(new Refused(
                    Reason.INVALID,
                    "no program is set for image " + workload.image() + " in engine.process.programs; there are: "
                            + programs.known()));
        }
        return machine.lacks(workload)
                .or(() -> ports.lacks(workload))
                .map(lack -> new Refused(Reason.NO_CAPACITY, lack));
    }

    @Override
    public List<Desired> recover() {
        Map<String, List<ProcessStat>> running = processes.byTask();
        for (TaskRecord task : store.tasks()) {
            List<ProcessStat> mine = running.getOrDefault(task.id(), List.of());
            tasks.put(task.id(), adopted(task, mine));
            ports.keep(task);
        }
        running.forEach((taskId, strays) -> {
            if (!tasks.containsKey(taskId)) {
                log.warn("processes of task {} are killed, as it was removed: {}", taskId, strays.size());
                strays.forEach(processes::kill);
            }
        });
        if (!tasks.isEmpty()) {
            log.info("tasks found of an earlier life: {}", tasks.size());
        }
        long every = MEASURE_EVERY.toMillis();
        rounds.scheduleWithFixedDelay(this::measureUnlessTrouble, every, every, TimeUnit.MILLISECONDS);
        return store.desired();
    }

    /** A record without a process was written just before the crash: whether the process came to be is seen only now. */
    private TaskRecord adopted(TaskRecord task, List<ProcessStat> mine) {
        if (task.isStarted() || mine.isEmpty()) {
            return task;
        }
        TaskRecord started = task.startedAs(Processes.eldest(mine));
        store.write(started);
        return started;
    }

    @Override
    public void keep(Desired desired) {
        store.write(desired);
    }

    @Override
    public void forget(String workload) {
        store.forget(workload);
    }

    @Override
    public List<ObservedTask> look(String workload) {
        return tasks.values().stream()
                .filter(task -> task.workload().equals(workload))
                .map(this::observed)
                .toList();
    }

    private ObservedTask observed(TaskRecord task) {
        Condition condition = condition(task);
        Map<String, PortRange> media = ports.holdsMedia(task.id()) ? task.media() : Map.of();
        return new ObservedTask(task.launch(), properties.host(), task.ports(), media, condition);
    }

    private Condition condition(TaskRecord task) {
        String end = ends.get(task.id());
        if (end != null) {
            if (ports.holdsMedia(task.id())) {
                clearAway(task);
            }
            return new Ended(end);
        }
        if (!processes.runs(task)) {
            clearAway(task);
            String why = task.isStarted() ? processes.endOf(task) : "was not started before the platform ended";
            ends.put(task.id(), why);
            return new Ended(why);
        }
        int used = accounting.memoryMib(task.id());
        if (properties.enforceMemory() && used > task.memoryMib()) {
            return new Offending(
                    "used " + used + " MiB of memory, more than the " + task.memoryMib() + " MiB it asked for");
        }
        return new Alive();
    }

    /** What the first process started ends with it, or it would hold the ports. */
    private void clearAway(TaskRecord ended) {
        if (processes.killAll(ended.id())) {
            ports.releaseMedia(ended.id());
        }
    }

    @Override
    public void start(Workload workload, Launch launch) throws StartFailed {
        List<String> command = programs.command(workload)
                .orElseThrow(() -> new StartFailed("no program is set for image " + workload.image() + " any more"));
        TaskRecord task = ports.take(workload, launch);
        try {
            launch(workload, command, task);
        } catch (StartFailed | RuntimeException e) {
            giveUp(task);
            throw e;
        }
    }

    private void launch(Workload workload, List<String> command, TaskRecord task) throws StartFailed {
        store.write(task);
        Process process = launcher.start(workload, command, task, store.directory(task.id()));
        TaskRecord started = processes.own(task, process);
        store.write(started);
        tasks.put(task.id(), started);
        process.onExit().thenRun(() -> hint.accept(workload.name()));
    }

    /** Leaves nothing of a task that did not come to be: no process, no record, no port that is never free again. */
    private void giveUp(TaskRecord task) {
        try {
            processes.killAll(task.id());
            processes.disown(task.id());
            store.discard(task.id());
        } catch (RuntimeException e) {
            log.warn("task {} could not be started, and not all of it could be cleared away", task.id(), e);
        } finally {
            ports.release(task);
        }
    }

    @Override
    public void terminate(ObservedTask task) {
        TaskRecord known = tasks.get(task.id());
        if (known != null) {
            processes.terminate(known);
        }
    }

    @Override
    public void kill(ObservedTask task) {
        TaskRecord known = tasks.get(task.id());
        if (known != null) {
            processes.killAll(known.id());
        }
    }

    @Override
    public void discard(ObservedTask task) {
        TaskRecord known = tasks.remove(task.id());
        if (known != null) {
            store.discard(known.id());
            ports.release(known);
            ends.remove(known.id());
            processes.disown(known.id());
        }
    }

    @Override
    public Optional<Usage> usage(String taskId) {
        return accounting.usage(taskId);
    }

    @Override
    public List<String> logTail(String taskId, int lines) {
        return tasks.containsKey(taskId) ? new TaskLog(store.directory(taskId)).tail(lines) : List.of();
    }

    @Override
    public LogPart logAfter(String taskId, Optional<String> after, int lines) {
        return tasks.containsKey(taskId)
                ? new TaskLog(store.directory(taskId)).after(after, lines)
                : new LogPart(List.of(), after.orElse(""));
    }

    @Override
    public void onHint(Consumer<String> hint) {
        this.hint = hint;
    }

    /** Tasks of an earlier life end without a hint. */
    @Override
    public Duration patrol() {
        return Duration.ofMillis(500);
    }

    @Override
    public void close() {
        rounds.shutdownNow();
        store.close();
    }

    private void measureUnlessTrouble() {
        try {
            measure();
        } catch (RuntimeException e) {
            // An exception would end the rounds for good.
            log.error("measuring failed, the next round starts afresh", e);
        }
    }

    private void measure() {
        List<TaskRecord> running = tasks.values().stream()
                .filter(task -> !ends.containsKey(task.id()))
                .toList();
        accounting.measure(running);
        for (TaskRecord task : running) {
            new TaskLog(store.directory(task.id())).cap(properties.logSize().toBytes());
            if (accounting.memoryMib(task.id()) > task.memoryMib()) {
                hint.accept(task.workload());
            }
        }
    }
}
