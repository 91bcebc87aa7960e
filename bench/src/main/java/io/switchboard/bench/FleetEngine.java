package io.switchboard.bench;

import io.switchboard.engine.Acceptance;
import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Acceptance.Reason;
import io.switchboard.engine.Acceptance.Refused;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.Task;
import io.switchboard.engine.Task.State;
import io.switchboard.engine.Usage;
import io.switchboard.engine.Workload;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A cluster in memory: tasks are values, each on a node that has the cores and the memory for it. The tasks of a workload
 * are spread over the nodes; when a node is lost, its tasks start elsewhere. Ready as soon as placed.
 */
final class FleetEngine implements Engine {

    /** A workload as asked for, and its tasks, oldest first. Replaced as a whole, so that readers need no lock. */
    private record Running(Workload workload, List<Task> tasks) {}

    /** @param workloads of its tasks, one entry for each */
    private record Node(String host, int[] free, List<String> workloads) {

        boolean takes(Workload workload) {
            return free[0] >= workload.cpuMillis() && free[1] >= workload.memoryMib();
        }

        void change(Workload workload, int sign) {
            free[0] += sign * workload.cpuMillis();
            free[1] += sign * workload.memoryMib();
        }
    }

    private final Clock clock;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Node> byHost = new HashMap<>();
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final Collection<ChangeListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong started = new AtomicLong();
    private int next;

    FleetEngine(Clock clock, int nodes, int cpuMillis, int memoryMib) {
        this.clock = clock;
        for (int number = 0; number < nodes; number++) {
            var host = "10.%d.%d.%d".formatted(number / 62_500, number / 250 % 250, number % 250 + 1);
            var node = new Node(host, new int[] {cpuMillis, memoryMib}, new ArrayList<>());
            this.nodes.add(node);
            byHost.put(host, node);
        }
    }

    /** Tasks that run now. */
    long tasks() {
        return running.values().stream().mapToLong(one -> one.tasks().size()).sum();
    }

    /** The node with the most tasks. */
    synchronized String busiest() {
        return nodes.stream()
                .max((one, other) -> one.workloads().size() - other.workloads().size())
                .orElseThrow()
                .host();
    }

    synchronized Set<String> workloadsOn(String host) {
        return Set.copyOf(nodeOf(host).workloads());
    }

    Workload workload(String name) {
        return Optional.ofNullable(running.get(name)).orElseThrow().workload();
    }

    /** The node is gone with its tasks; others start in their place, on other nodes. */
    void lose(String host) {
        var hit = workloadsOn(host);
        synchronized (this) {
            nodes.remove(nodeOf(host));
        }
        for (var name : hit) {
            running.computeIfPresent(name, (key, known) -> {
                var left = new ArrayList<>(known.tasks().stream()
                        .filter(task -> !task.host().equals(host))
                        .toList());
                return scaled(known.workload(), left);
            });
            tell(name);
        }
    }

    private Node nodeOf(String host) {
        return Optional.ofNullable(byHost.get(host)).orElseThrow();
    }

    /** The next node that has room, in turn; empty if none has. */
    private synchronized Optional<Node> place(Workload workload) {
        for (int tried = 0; tried < nodes.size(); tried++) {
            var node = nodes.get(next++ % nodes.size());
            if (node.takes(workload)) {
                node.change(workload, -1);
                node.workloads().add(workload.name());
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    private synchronized void free(Workload workload, Task task) {
        var node = nodeOf(task.host());
        node.change(workload, 1);
        node.workloads().remove(workload.name());
    }

    private Running scaled(Workload workload, List<Task> kept) {
        var tasks = new ArrayList<>(kept);
        while (tasks.size() > workload.tasks()) {
            free(workload, tasks.removeLast());
        }
        var now = clock.instant();
        while (tasks.size() < workload.tasks()) {
            var node = place(workload);
            if (node.isEmpty()) {
                break;
            }
            long number = started.getAndIncrement();
            var ports = new HashMap<String, Integer>();
            workload.ports().forEach(port -> ports.put(port.name(), 20_000 + (int) (number % 10_000) + ports.size()));
            tasks.add(new Task(workload.name() + "." + number, node.get().host(), ports, State.READY, "ready", now, 0));
        }
        return new Running(workload, List.copyOf(tasks));
    }

    @Override
    public Acceptance ensure(Workload workload) {
        var refused = Acceptance.lacksMediaPorts(name(), workload, "the fleet is for other services");
        if (refused.isPresent()) {
            return refused.get();
        }
        var now = running.compute(
                workload.name(),
                (name, known) -> known == null
                        ? scaled(workload, List.of())
                        : known.workload().differsAtMostInTasks(workload) ? scaled(workload, known.tasks()) : known);
        if (!now.workload().differsAtMostInTasks(workload)) {
            return new Refused(Reason.INVALID, "a different workload runs under the name " + workload.name());
        }
        tell(workload.name());
        return new Accepted();
    }

    @Override
    public void stopTasks(String workload, Set<String> taskIds) {
        running.computeIfPresent(workload, (name, known) -> {
            var left = new ArrayList<Task>();
            for (var task : known.tasks()) {
                if (taskIds.contains(task.id())) {
                    free(known.workload(), task);
                } else {
                    left.add(task);
                }
            }
            return new Running(known.workload().withTasks(left.size()), List.copyOf(left));
        });
        tell(workload);
    }

    @Override
    public void remove(String workload) {
        var known = running.remove(workload);
        if (known != null) {
            known.tasks().forEach(task -> free(known.workload(), task));
            tell(workload);
        }
    }

    @Override
    public List<Task> tasks(String workload) {
        var known = running.get(workload);
        return known == null ? List.of() : known.tasks();
    }

    @Override
    public Optional<String> shortfall(String workload) {
        return Optional.ofNullable(running.get(workload))
                .filter(known -> known.tasks().size() < known.workload().tasks())
                .map(known -> "no node has " + known.workload().cpuMillis() + " cpuMillis free");
    }

    @Override
    public Set<String> workloads() {
        return Set.copyOf(running.keySet());
    }

    @Override
    public String name() {
        return "fleet";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Optional<Usage> usage(String taskId) {
        return Optional.empty();
    }

    @Override
    public List<String> logTail(String taskId, int lines) {
        return List.of();
    }

    @Override
    public void onChange(ChangeListener listener) {
        listeners.add(listener);
    }

    private void tell(String workload) {
        listeners.forEach(listener -> listener.changed(workload));
    }
}
