package io.switchboard.scheduling.node;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.contracts.scheduling.NodesApi;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.Node;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.Deployments;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.deployment.RunningTasks;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.RestController;

@RestController
class NodesController implements NodesApi {

    private static final Logger log = LoggerFactory.getLogger(NodesController.class);

    private static final String OPERATORS = "Nodes are shown to operators only.";

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

    /** What is known of all nodes, each by its host: what it has, how many tasks of which workload run there, the drain. */
    private record Look(
            Map<String, Node> listed, Map<String, Map<String, Integer>> placements, Map<String, Instant> drained) {

        Set<String> hosts() {
            var hosts = new TreeSet<>(listed.keySet());
            hosts.addAll(placements.keySet());
            hosts.addAll(drained.keySet());
            return hosts;
        }

        Map<String, Integer> on(String host) {
            return placements.getOrDefault(host, Map.of());
        }

        /** The same with one more drained node. */
        Look drained(String host, Instant since) {
            var all = new HashMap<>(drained);
            all.put(host, since);
            return new Look(listed, placements, all);
        }
    }

    @Override
    public List<NodeView> nodes(@Nullable Caller caller) {
        Caller.operator(caller, OPERATORS);
        var look = look();
        return views(look.hosts(), look);
    }

    @Override
    public NodeView drain(String host, @Nullable Caller caller) {
        Caller.operator(caller, OPERATORS);
        var before = look();
        if (!before.hosts().contains(host)) {
            throw new Problem(
                    RequestProblem.NOT_FOUND, "No task runs on a node of that name, and the engine lists none.");
        }
        if (!engine.capabilities().contains(Capability.CORDON_NODES)) {
            throw new Problem(
                    NodeProblem.NODE_NEEDED,
                    "Engine '%s' has one node, which its tasks can't leave.".formatted(engine.name()));
        }
        var since = drained.add(host, clock.instant());
        var view = views(List.of(host), before.drained(host, since)).getFirst();
        if (!before.drained().containsKey(host)) {
            log.info("node {} is drained, {} tasks move", host, view.tasks());
        }
        return view;
    }

    @Override
    public NodeView undrain(String host, @Nullable Caller caller) {
        Caller.operator(caller, OPERATORS);
        if (drained.remove(host)) {
            log.info("node {} may be used again", host);
        }
        return views(List.of(host), look()).getFirst();
    }

    private Look look() {
        return tasks.answered(() -> new Look(
                engine.nodes().stream().collect(toMap(Node::host, identity())), engine.placements(), drained.all()));
    }

    private List<NodeView> views(Collection<String> hosts, Look look) {
        var sizes = deployments.sizes(
                hosts.stream().flatMap(host -> look.on(host).keySet().stream()).collect(toSet()));
        return hosts.stream()
                .map(host -> new NodeView(
                        host,
                        Optional.ofNullable(look.listed().get(host))
                                .map(node -> new Resources(node.cpuMillis(), node.memoryMib())),
                        used(look.on(host), sizes),
                        look.on(host).values().stream()
                                .mapToInt(Integer::intValue)
                                .sum(),
                        Optional.ofNullable(look.drained().get(host)),
                        look.drained().containsKey(host) ? leaving(host, look.on(host)) : List.of(),
                        Optional.ofNullable(look.listed().get(host))
                                .flatMap(Node::media)
                                .map(NodesController::media)))
                .toList();
    }

    private static MediaPorts media(Node.Media media) {
        var ports = media.ports();
        return new MediaPorts(ports.first(), ports.last(), media.used(), ports.size() - media.used());
    }

    private static Used used(Map<String, Integer> there, Map<String, Resources> sizes) {
        int cpuMillis = 0;
        int memoryMib = 0;
        for (var workload : there.entrySet()) {
            var size = sizes.get(workload.getKey());
            if (size != null) {
                cpuMillis += workload.getValue() * size.cpuMillis();
                memoryMib += workload.getValue() * size.memoryMib();
            }
        }
        return new Used(cpuMillis, memoryMib);
    }

    private List<Leaving> leaving(String host, Map<String, Integer> there) {
        var byInstance = new HashMap<UUID, Integer>();
        deployments
                .owners(there.keySet())
                .forEach((workload, owner) -> byInstance.merge(owner, there.getOrDefault(workload, 0), Integer::sum));
        return deployments.find(byInstance.keySet()).stream()
                .sorted(Comparator.comparing((Deployment one) -> one.instance().tenant())
                        .thenComparing(one -> one.instance().name()))
                .map(one -> Departure.of(
                        one,
                        host,
                        byInstance.getOrDefault(one.id(), 0),
                        one.wanted()
                                .map(Revision::workload)
                                .filter(there::containsKey)
                                .isPresent()))
                .toList();
    }
}
