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
import java.util.LinkedHashMap;
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

    private static final PortRange MEDIA = new PortRange(10_000, 19_999);

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

        /** Without some of its tasks, which are wanted no longer. */
        Running left(List<Task> now) {
            return new Running(workload.withTasks(workload.tasks() - tasks.size() + now.size()), cordoned, now);
        }

        boolean lacksTasks() {
            return tasks.size() < workload.tasks();
        }
    }

    private final Readiness readiness;
    private final Clock clock;
    private final int cpuMillisPerTask;
    /** By host. */
    private final Map<String, MediaPorts> media = new LinkedHashMap<>();

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
        hosts.forEach(host -> media.put(host, new MediaPorts(MEDIA, "the node's range", port -> false)));
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(
                Capability.MEASURE_USAGE,
                Capability.KEEP_LOGS,
                Capability.LIST_NODES,
                Capability.CORDON_NODES,
                Capability.MEDIA_PORTS);
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
        fillUp();
        return new Accepted();
    }

    @Override
    public void stopTasks(String workload, Set<String> taskIds) {
        answer();
        change(workload, known -> {
            List<Task> left = known.tasks().stream()
                    .filter(task -> !taskIds.contains(task.id()))
                    .toList();
            known.tasks().stream().filter(task -> !left.contains(task)).forEach(this::release);
            return known.left(left);
        });
        fillUp();
    }

    @Override
    public void remove(String workload) {
        answer();
        Running removed = running.remove(workload);
        if (removed != null) {
            removed.tasks().forEach(this::release);
            tell(workload);
            fillUp();
        }
    }

    @Override
    public List<Task> tasks(String workload) {
        answer();
        Running known = running.get(workload);
        return known == null ? List.of() : known.tasks();
    }

    @Override
    public Optional<String> shortfall(String workload) {
        answer();
        return Optional.ofNullable(running.get(workload))
                .filter(known ->
                        known.lacksTasks() && !known.workload().mediaPorts().isEmpty())
                .map(known -> media.values()
                        .iterator()
                        .next()
                        .shortage(known.workload().mediaPorts()));
    }

    @Override
    public Set<String> workloads() {
        answer();
        return Set.copyOf(running.keySet());
    }

    @Override
    public List<Node> nodes() {
        answer();
        return media.entrySet().stream()
                .map(host -> new Node(
                        host.getKey(),
                        Integer.MAX_VALUE,
                        Integer.MAX_VALUE,
                        Optional.of(host.getValue().media())))
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
            String id = UUID.randomUUID().toString();
            ports(task.host()).keep(id, task.media());
            release(task);
            Task next = newTask(id, task.host(), task.ports().keySet(), task.media());
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
        return media.values()
                .iterator()
                .next()
                .lacks(workload.mediaPorts())
                .map(lack -> new Refused(Reason.NO_CAPACITY, lack));
    }

    private Running scaled(Workload workload, Set<String> off, List<Task> tasks) {
        List<Task> scaled = new ArrayList<>(tasks.subList(0, Math.min(tasks.size(), workload.tasks())));
        tasks.stream().skip(scaled.size()).forEach(this::release);
        var open = media.keySet().stream().filter(host -> !off.contains(host)).toList();
        while (scaled.size() < workload.tasks()) {
            Optional<Task> task = placed(workload, open, scaled.size());
            if (task.isEmpty()) {
                break;
            }
            scaled.add(task.get());
        }
        return new Running(workload, off, scaled);
    }

    /** A task on the next host in turn that has room for its media. */
    private Optional<Task> placed(Workload workload, List<String> open, int turn) {
        String id = UUID.randomUUID().toString();
        var names = workload.singlePorts().stream().map(Workload.Port::name).toList();
        for (int tried = 0; tried < open.size(); tried++) {
            String host = open.get((turn + tried) % open.size());
            var blocks = ports(host).take(id, workload.mediaPorts());
            if (blocks.isPresent()) {
                return Optional.of(newTask(id, host, names, blocks.get()));
            }
        }
        return Optional.empty();
    }

    private MediaPorts ports(String host) {
        return Optional.ofNullable(media.get(host)).orElseThrow();
    }

    private void release(Task task) {
        ports(task.host()).release(task.id());
    }

    /** Where tasks waited for ports for media, there may be some by now. */
    private void fillUp() {
        running.forEach((name, waiting) -> {
            if (waiting.lacksTasks() && !waiting.workload().mediaPorts().isEmpty()) {
                change(name, known -> scaled(known.workload(), known.cordoned(), known.tasks()));
            }
        });
    }

    private Task newTask(String id, String host, Collection<String> portNames, Map<String, PortRange> blocks) {
        Map<String, Integer> assigned = new ConcurrentHashMap<>();
        portNames.forEach(port -> assigned.put(port, 20_000 + ports.getAndIncrement() % 40_000));
        boolean ready = readiness == Readiness.IMMEDIATE;
        return new Task(
                id,
                host,
                assigned,
                ready ? State.READY : State.STARTING,
                ready ? "ready" : "starting",
                clock.instant(),
                0,
                blocks);
    }

    private static Task with(Task task, State state, String message, int restarts) {
        return new Task(task.id(), task.host(), task.ports(), state, message, task.startedAt(), restarts, task.media());
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
