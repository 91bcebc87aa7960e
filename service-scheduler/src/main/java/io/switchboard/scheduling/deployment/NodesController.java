package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.contracts.scheduling.NodesApi;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.Node;
import io.switchboard.engine.Task;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.RestController;

@RestController
class NodesController implements NodesApi {

    private static final Logger log = LoggerFactory.getLogger(NodesController.class);

    private final Deployments deployments;
    private final DrainedNodes drained;
    private final RunningTasks tasks;
    private final Engine engine;
    private final Clock clock;

    NodesController(Deployments deployments, DrainedNodes drained, RunningTasks tasks, Engine engine, Clock clock) {
        this.deployments = deployments;
        this.drained = drained;
        this.tasks = tasks;
        this.engine = engine;
        this.clock = clock;
    }

    @Override
    public List<NodeView> nodes(@Nullable Caller caller) {
        operatorsOnly(caller);
        return tasks.answered(this::nodes);
    }

    private List<NodeView> nodes() {
        var listed = engine.nodes().stream().collect(Collectors.toMap(Node::host, Function.identity()));
        var running = deployments.living(Optional.empty()).stream()
                .flatMap(one -> one.revisions().stream())
                .flatMap(revision -> engine.tasks(revision.workload()).stream())
                .collect(Collectors.groupingBy(Task::host, Collectors.counting()));
        var since = drained.all();
        var hosts = new TreeSet<>(listed.keySet());
        hosts.addAll(running.keySet());
        hosts.addAll(since.keySet());
        return hosts.stream()
                .map(host -> new NodeView(
                        host,
                        size(listed, host),
                        running.getOrDefault(host, 0L).intValue(),
                        Optional.ofNullable(since.get(host))))
                .toList();
    }

    private static Optional<Resources> size(Map<String, Node> listed, String host) {
        return Optional.ofNullable(listed.get(host)).map(node -> new Resources(node.cpuMillis(), node.memoryMib()));
    }

    @Override
    public NodeView drain(String host, @Nullable Caller caller) {
        var node = known(host, caller);
        if (!engine.capabilities().contains(Capability.CORDON_NODES)) {
            throw new Problem(
                    RolloutProblem.NODE_NEEDED,
                    "Engine '%s' has one node, which its tasks can't leave.".formatted(engine.name()));
        }
        var since = drained.add(host, clock.instant());
        if (node.drainedSince().isEmpty()) {
            log.info("node {} is drained, {} tasks move", host, node.tasks());
        }
        return new NodeView(host, node.size(), node.tasks(), Optional.of(since));
    }

    @Override
    public NodeView undrain(String host, @Nullable Caller caller) {
        operatorsOnly(caller);
        if (drained.remove(host)) {
            log.info("node {} may be used again", host);
        }
        // Without the drain an empty node may be unknown again.
        return find(host, caller).orElseGet(() -> new NodeView(host, Optional.empty(), 0, Optional.empty()));
    }

    private NodeView known(String host, @Nullable Caller caller) {
        return find(host, caller)
                .orElseThrow(() -> new Problem(
                        RequestProblem.NOT_FOUND, "No task runs on a node of that name, and the engine lists none."));
    }

    private Optional<NodeView> find(String host, @Nullable Caller caller) {
        return nodes(caller).stream().filter(node -> node.host().equals(host)).findFirst();
    }

    private static void operatorsOnly(@Nullable Caller caller) {
        if (caller == null || !caller.is(Role.OPERATOR)) {
            throw new Problem(RequestProblem.FORBIDDEN, "Nodes are shown to operators only.");
        }
    }
}
