package io.switchboard.engine;

import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Acceptance.Reason;
import io.switchboard.engine.Acceptance.Refused;
import io.switchboard.engine.Task.State;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * The engine to read first, and the one for tests: tasks are values in this JVM, with ports where nobody listens.
 *
 * <p>Beside what every engine can, tests can make things happen to tasks: {@link #ready}, {@link #unhealthy}, {@link
 * #crash}, {@link #silence}. Stopped tasks are gone at once, crashed ones are replaced at once.
 */
public final class InMemoryEngine implements Engine {

    /** When a task is ready. */
    public enum Readiness {
        /** As soon as it is asked for. */
        IMMEDIATE,
        /** When {@link InMemoryEngine#ready} says so. */
        EXPLICIT
    }

    /** A workload as asked for, and its tasks, oldest first. Replaced as a whole, so that readers need no lock. */
    private record Running(Workload workload, Set<String> cordoned, List<Task> tasks) {

        Running {
            tasks = List.copyOf(tasks);
        }

        Running with(List<Task> now) {
            return new Running(workload.withTasks(now.size()), cordoned, now);
        }
    }

    private final Readiness readiness;
    private final Clock clock;
    private final int cpuMillisPerTask;
    private final List<String> hosts;
    private volatile Set<String> cordoned = Set.of();
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final Map<String, Usage> usages = new ConcurrentHashMap<>();
    private final Map<String, Deque<String>> logs = new ConcurrentHashMap<>();
    private final Collection<ChangeListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger ports = new AtomicInteger();
    private volatile boolean silent;

    public InMemoryEngine(Readiness readiness, Clock clock) {
        this(readiness, clock, Integer.MAX_VALUE);
    }

    /** @param cpuMillisPerTask workloads that ask for more per task are refused with {@link Reason#NO_CAPACITY} */
    public InMemoryEngine(Readiness readiness, Clock clock, int cpuMillisPerTask) {
        this(readiness, clock, cpuMillisPerTask, List.of("127.0.0.1"));
    }

    /** @param hosts nodes that tasks are spread over */
    public InMemoryEngine(Readiness readiness, Clock clock, int cpuMillisPerTask, List<String> hosts) {
        this.readiness = readiness;
        this.clock = clock;
        this.cpuMillisPerTask = cpuMillisPerTask;
        this.hosts = List.copyOf(hosts);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.MEASURE_USAGE, Capability.KEEP_LOGS, Capability.LIST_NODES, Capability.CORDON_NODES);
    }

    @Override
    public Acceptance ensure(Workload workload) {
        answer();
        Optional<Refused> refusal = refusal(workload);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Running now = running.compute(
                workload.name(),
                (name, known) -> known == null
                        ? scaled(workload, cordoned, List.of())
                        : known.workload().differsAtMostInTasks(workload)
                                ? scaled(workload, known.cordoned(), known.tasks())
                                : known);
        if (!now.workload().differsAtMostInTasks(workload)) {
            return new Refused(
                    Reason.INVALID, "a different workload runs under the name " + workload.name() + "; use a new name");
        }
        tell(workload.name());
        return new Accepted();
    }

    @Override
    public void stopTasks(String workload, Set<String> taskIds) {
        answer();
        change(workload, known -> {
            List<Task> left = known.tasks().stream()
                    .filter(task -> !taskIds.contains(task.id()))
                    .toList();
            return known.with(left);
        });
    }

    @Override
    public void remove(String workload) {
        answer();
        if (running.remove(workload) != null) {
            tell(workload);
        }
    }

    @Override
    public List<Task> tasks(String workload) {
        answer();
        Running known = running.get(workload);
        return known == null ? List.of() : known.tasks();
    }

    @Override
    public Set<String> workloads() {
        answer();
        return Set.copyOf(running.keySet());
    }

    @Override
    public List<Node> nodes() {
        answer();
        return hosts.stream()
                .map(host -> new Node(host, Integer.MAX_VALUE, Integer.MAX_VALUE))
                .toList();
    }

    @Override
    public void cordon(Set<String> off) {
        answer();
        cordoned = Set.copyOf(off);
    }

    @Override
    public Optional<Usage> usage(String taskId) {
        answer();
        return Optional.ofNullable(usages.get(taskId));
    }

    @Override
    public List<String> logTail(String taskId, int lines) {
        answer();
        Deque<String> log = logs.getOrDefault(taskId, new ArrayDeque<>());
        synchronized (log) {
            return log.stream().skip(Math.max(0, log.size() - lines)).toList();
        }
    }

    @Override
    public LogPart logAfter(String taskId, Optional<String> after, int lines) {
        answer();
        Deque<String> log = logs.getOrDefault(taskId, new ArrayDeque<>());
        synchronized (log) {
            int read = after.map(Integer::parseInt).orElse(0);
            return new LogPart(
                    log.stream().skip(Math.max(read, log.size() - lines)).toList(), String.valueOf(log.size()));
        }
    }

    @Override
    public void onChange(ChangeListener listener) {
        listeners.add(listener);
    }

    /** The task passes its health check from now on. */
    public void ready(String taskId) {
        changeTask(taskId, task -> with(task, State.READY, "ready", task.restarts()));
    }

    /** The task fails its health check from now on. */
    public void unhealthy(String taskId, String why) {
        changeTask(taskId, task -> with(task, State.UNHEALTHY, why, task.restarts()));
    }

    /** The task ends by itself, and another takes its place. */
    public void crash(String taskId, String why) {
        changeTask(taskId, task -> {
            Task next = newTask(task.host(), task.ports().keySet());
            return with(next, next.state(), why, task.restarts() + 1);
        });
    }

    /** What {@link #usage} answers from now on. */
    public void measure(String taskId, Usage usage) {
        usages.put(taskId, usage);
    }

    /** The task writes a line. */
    public void write(String taskId, String line) {
        Deque<String> log = logs.computeIfAbsent(taskId, id -> new ArrayDeque<>());
        synchronized (log) {
            log.add(line);
        }
    }

    /** Whether calls fail with {@link EngineUnavailable} from now on. */
    public void silence(boolean silent) {
        this.silent = silent;
    }

    private Optional<Refused> refusal(Workload workload) {
        Optional<String> contradiction = workload.contradiction();
        if (contradiction.isPresent()) {
            return Optional.of(new Refused(Reason.INVALID, contradiction.get()));
        }
        if (workload.cpuMillis() > cpuMillisPerTask) {
            return Optional.of(new Refused(
                    Reason.NO_CAPACITY,
                    "a task asks for " + workload.cpuMillis() + " cpuMillis, there are " + cpuMillisPerTask));
        }
        return Optional.empty();
    }

    private Running scaled(Workload workload, Set<String> off, List<Task> tasks) {
        List<Task> scaled = new ArrayList<>(tasks.subList(0, Math.min(tasks.size(), workload.tasks())));
        var open = hosts.stream().filter(host -> !off.contains(host)).toList();
        while (scaled.size() < workload.tasks() && !open.isEmpty()) {
            scaled.add(newTask(
                    open.get(scaled.size() % open.size()),
                    workload.ports().stream().map(Workload.Port::name).toList()));
        }
        return new Running(workload, off, scaled);
    }

    private Task newTask(String host, Collection<String> portNames) {
        Map<String, Integer> assigned = new ConcurrentHashMap<>();
        portNames.forEach(port -> assigned.put(port, 20_000 + ports.getAndIncrement() % 40_000));
        boolean ready = readiness == Readiness.IMMEDIATE;
        return new Task(
                UUID.randomUUID().toString(),
                host,
                assigned,
                ready ? State.READY : State.STARTING,
                ready ? "ready" : "starting",
                clock.instant(),
                0);
    }

    private static Task with(Task task, State state, String message, int restarts) {
        return new Task(task.id(), task.host(), task.ports(), state, message, task.startedAt(), restarts);
    }

    private void changeTask(String taskId, UnaryOperator<Task> change) {
        running.keySet()
                .forEach(workload -> change(workload, known -> {
                    List<Task> tasks = new ArrayList<>();
                    List<Task> young = new ArrayList<>();
                    for (Task task : known.tasks()) {
                        Task now = task.id().equals(taskId) ? change.apply(task) : task;
                        (now.id().equals(task.id()) ? tasks : young).add(now);
                    }
                    tasks.addAll(young);
                    return new Running(known.workload(), known.cordoned(), tasks);
                }));
    }

    private void change(String workload, UnaryOperator<Running> change) {
        Running before = running.get(workload);
        Running after = running.computeIfPresent(workload, (name, known) -> change.apply(known));
        if (after != null && !after.equals(before)) {
            tell(workload);
        }
    }

    private void answer() {
        if (silent) {
            throw new EngineUnavailable(name(), new IllegalStateException("silenced"));
        }
    }

    private void tell(String workload) {
        listeners.forEach(listener -> listener.changed(workload));
    }
}
