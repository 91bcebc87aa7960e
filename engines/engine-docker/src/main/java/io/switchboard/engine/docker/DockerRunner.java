package io.switchboard.engine.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerPort;
import com.github.dockerjava.api.model.Info;
import io.switchboard.engine.Acceptance;
import io.switchboard.engine.Acceptance.Reason;
import io.switchboard.engine.Acceptance.Refused;
import io.switchboard.engine.LogPart;
import io.switchboard.engine.Node;
import io.switchboard.engine.PortRange;
import io.switchboard.engine.PullCredentials;
import io.switchboard.engine.Usage;
import io.switchboard.engine.Workload;
import io.switchboard.engine.supervision.Desired;
import io.switchboard.engine.supervision.Launch;
import io.switchboard.engine.supervision.ObservedTask;
import io.switchboard.engine.supervision.ObservedTask.Alive;
import io.switchboard.engine.supervision.ObservedTask.Condition;
import io.switchboard.engine.supervision.ObservedTask.Ended;
import io.switchboard.engine.supervision.Runner;
import io.switchboard.engine.supervision.StartFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tasks as containers. Nothing is kept outside the daemon: a container's labels say what it is, and its name says
 * whether it is to stop for good.
 */
final class DockerRunner implements Runner {

    /** The daemon's only word about a container that can still be changed once it is there is its name. */
    private static final String STOPPING = "-stopping";

    private final DockerEngineProperties properties;
    private final Daemon daemon;
    private final Images images;
    private final ContainerSpec spec;
    private final HostNetwork hostNetwork;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("docker-", 0).factory());
    private final StatsRounds stats;
    private final Events events;
    private final Map<String, String> containers = new ConcurrentHashMap<>();
    private final Set<String> marked = ConcurrentHashMap.newKeySet();
    private final Map<String, String> ends = new ConcurrentHashMap<>();
    private volatile Consumer<String> hint = workload -> {};

    DockerRunner(DockerEngineProperties properties, PullCredentials credentials) {
        this.properties = properties;
        this.daemon = new Daemon(properties.host());
        this.images = new Images(daemon, properties.registry(), credentials, threads);
        this.spec = new ContainerSpec(properties);
        this.hostNetwork = new HostNetwork(properties, daemon);
        this.stats = new StatsRounds(daemon, threads);
        this.events = new Events(daemon, properties.platform(), threads, workload -> hint.accept(workload));
    }

    @Override
    public Node node() {
        Info info = daemon.ask(client -> client.infoCmd().exec());
        int cpus = Optional.ofNullable(info.getNCPU()).orElse(Integer.MAX_VALUE / 1000);
        long memory = Optional.ofNullable(info.getMemTotal()).orElse(Long.MAX_VALUE);
        return new Node(
                properties.publishAddress(),
                cpus * 1000,
                (int) Math.min(memory >> 20, Integer.MAX_VALUE),
                properties.hostNetworkForMedia() ? Optional.of(hostNetwork.media()) : Optional.empty());
    }

    @Override
    public Optional<Refused> refusal(Workload workload) {
        var machine = node();
        if (workload.cpuMillis() > machine.cpuMillis()) {
            return Optional.of(new Refused(
                    Reason.NO_CAPACITY,
                    "a task asks for " + workload.cpuMillis() + " cpuMillis, the Docker machine has "
                            + machine.cpuMillis()));
        }
        if (workload.memoryMib() > machine.memoryMib()) {
            return Optional.of(new Refused(
                    Reason.NO_CAPACITY,
                    "a task asks for " + workload.memoryMib() + " MiB of memory, the Docker machine has "
                            + machine.memoryMib()));
        }
        return mediaRefusal(workload)
                .or(() -> images.lacks(workload.image()).map(lack -> new Refused(Reason.INVALID, lack)));
    }

    private Optional<Refused> mediaRefusal(Workload workload) {
        if (workload.mediaPorts().isEmpty()) {
            return Optional.empty();
        }
        return properties.hostNetworkForMedia()
                ? hostNetwork.lacks(workload).map(lack -> new Refused(Reason.NO_CAPACITY, lack))
                : Acceptance.lacksMediaPorts(
                        "docker",
                        workload,
                        "an operator may let such tasks share the machine's network by engine.docker.host-network-for-media");
    }

    @Override
    public List<Desired> recover() {
        return list(Map.of(Labels.PLATFORM, properties.platform())).stream()
                .collect(Collectors.groupingBy(container -> label(container, Labels.WORKLOAD)))
                .values()
                .stream()
                .map(this::recovered)
                .toList();
    }

    /** As many tasks are wanted as there are places whose current container was not told to stop for good. */
    private Desired recovered(List<Container> all) {
        Map<Integer, Container> places = new HashMap<>();
        for (Container container : all) {
            Launch launch = Labels.launch(container.getLabels());
            places.merge(
                    launch.place(),
                    container,
                    (a, b) -> Labels.launch(a.getLabels()).restarts()
                                    > Labels.launch(b.getLabels()).restarts()
                            ? a
                            : b);
        }
        Collection<Container> current = places.values();
        List<Container> wanted =
                current.stream().filter(container -> !isMarked(container)).toList();
        Set<String> stopping = current.stream()
                .filter(DockerRunner::isMarked)
                .map(container -> label(container, Labels.TASK))
                .collect(Collectors.toSet());
        Container example = wanted.isEmpty() ? all.getFirst() : wanted.getFirst();
        Workload workload = Labels.workload(example.getLabels(), environment(example));
        marked.addAll(stopping);
        return new Desired(workload.withTasks(wanted.size()), stopping, wanted.isEmpty());
    }

    private List<String> environment(Container container) {
        return inspect(container.getId())
                .map(InspectContainerResponse::getConfig)
                .map(config -> config.getEnv())
                .map(Arrays::asList)
                .orElse(List.of());
    }

    @Override
    public void keep(Desired desired) {
        for (String taskId : desired.stopping()) {
            String container = containers.get(taskId);
            if (container != null && !marked.contains(taskId)) {
                daemon.tryTo(client -> client.renameContainerCmd(container)
                        .withName(ContainerSpec.name(desired.workload(), taskId) + STOPPING)
                        .exec());
                // Not before: where the daemon gave no answer, the repeated call has to ask it again.
                marked.add(taskId);
            }
        }
    }

    /** There is nothing to forget: with the containers all is gone. */
    @Override
    public void forget(String workload) {}

    @Override
    public List<ObservedTask> look(String workload) {
        List<ObservedTask> tasks = new ArrayList<>();
        for (Container container : list(Map.of(Labels.PLATFORM, properties.platform(), Labels.WORKLOAD, workload))) {
            if (!"removing".equals(container.getState())) {
                tasks.add(observed(container));
            }
        }
        return tasks;
    }

    private ObservedTask observed(Container container) {
        Launch launch = Labels.launch(container.getLabels());
        containers.put(launch.taskId(), container.getId());
        Condition condition = condition(container, launch.taskId());
        if (condition instanceof Alive) {
            stats.measure(launch.taskId(), container.getId());
        } else {
            stats.forget(launch.taskId());
        }
        Map<String, PortRange> assigned = Labels.ports(container.getLabels());
        return assigned.isEmpty()
                ? new ObservedTask(launch, properties.publishAddress(), published(container), condition)
                : onHostNetwork(container, launch, assigned, condition);
    }

    private ObservedTask onHostNetwork(
            Container container, Launch launch, Map<String, PortRange> assigned, Condition condition) {
        Map<String, Integer> ports = new HashMap<>();
        Map<String, PortRange> media = new HashMap<>();
        for (Workload.Port port : Labels.definition(container.getLabels()).ports()) {
            PortRange block = assigned.get(port.name());
            if (block != null && !HostNetwork.hasEnded(container)) {
                if (port.media()) {
                    media.put(port.name(), block);
                } else {
                    ports.put(port.name(), block.first());
                }
            }
        }
        return new ObservedTask(launch, properties.publishAddress(), ports, media, condition);
    }

    private Condition condition(Container container, String taskId) {
        return switch (String.valueOf(container.getState())) {
            case "created" -> new Ended("was not started before the platform ended");
            case "exited", "dead" -> new Ended(ends.computeIfAbsent(taskId, id -> endOf(container)));
            default -> new Alive();
        };
    }

    private String endOf(Container container) {
        int memoryMib = Labels.definition(container.getLabels()).memoryMib();
        return inspect(container.getId())
                .map(InspectContainerResponse::getState)
                .map(state -> ContainerEnd.of(state, memoryMib))
                .orElse("was removed by someone else");
    }

    private static Map<String, Integer> published(Container container) {
        Map<String, Integer> ports = new HashMap<>();
        for (Workload.Port port : Labels.definition(container.getLabels()).ports()) {
            for (ContainerPort published : container.getPorts()) {
                if (Objects.equals(published.getPrivatePort(), port.number())
                        && (port.udp() ? "udp" : "tcp").equals(published.getType())
                        && published.getPublicPort() != null) {
                    ports.put(port.name(), published.getPublicPort());
                }
            }
        }
        return ports;
    }

    @Override
    public void start(Workload workload, Launch launch) throws StartFailed {
        String image = images.get(workload.image());
        String container = "";
        try {
            container = workload.mediaPorts().isEmpty()
                    ? create(image, workload, launch, Map.of())
                    : hostNetwork.create(launch.taskId(), workload, ports -> create(image, workload, launch, ports));
            containers.put(launch.taskId(), container);
            String created = container;
            daemon.attempt(client -> client.startContainerCmd(created).exec());
        } catch (DockerException e) {
            if (!container.isEmpty()) {
                remove(container);
            }
            throw new StartFailed("the container could not be started: " + e.getMessage());
        }
    }

    private String create(String image, Workload workload, Launch launch, Map<String, PortRange> ports) {
        return daemon.attempt(client ->
                spec.create(client, image, workload, launch, ports).exec().getId());
    }

    @Override
    public void terminate(ObservedTask task) {
        signal(task, "SIGTERM");
    }

    @Override
    public void kill(ObservedTask task) {
        signal(task, "SIGKILL");
    }

    private void signal(ObservedTask task, String signal) {
        String container = containers.get(task.id());
        if (container != null) {
            daemon.tryTo(client ->
                    client.killContainerCmd(container).withSignal(signal).exec());
        }
    }

    @Override
    public void discard(ObservedTask task) {
        String container = containers.remove(task.id());
        if (container != null) {
            remove(container);
        }
        stats.forget(task.id());
        ends.remove(task.id());
        marked.remove(task.id());
    }

    private void remove(String container) {
        daemon.tryTo(client -> client.removeContainerCmd(container)
                .withForce(true)
                .withRemoveVolumes(true)
                .exec());
    }

    @Override
    public Optional<Usage> usage(String taskId) {
        return stats.usage(taskId);
    }

    @Override
    public List<String> logTail(String taskId, int lines) {
        String container = containers.get(taskId);
        return container == null ? List.of() : ContainerLog.tail(daemon, container, lines);
    }

    @Override
    public LogPart logAfter(String taskId, Optional<String> after, int lines) {
        String container = containers.get(taskId);
        return container == null
                ? new LogPart(List.of(), after.orElse(""))
                : ContainerLog.after(daemon, container, after, lines);
    }

    @Override
    public void onHint(Consumer<String> hint) {
        this.hint = hint;
    }

    /** Events tell of most changes. */
    @Override
    public Duration patrol() {
        return Duration.ofSeconds(5);
    }

    @Override
    public void close() {
        events.close();
        stats.close();
        threads.shutdownNow();
        daemon.close();
    }

    private List<Container> list(Map<String, String> labels) {
        return daemon.ask(client -> client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(labels)
                .exec());
    }

    private Optional<InspectContainerResponse> inspect(String container) {
        return daemon.tryTo(client -> client.inspectContainerCmd(container).exec());
    }

    private static boolean isMarked(Container container) {
        return Arrays.stream(container.getNames()).anyMatch(name -> name.endsWith(STOPPING));
    }

    private static String label(Container container, String name) {
        return Objects.requireNonNull(container.getLabels().get(name));
    }
}
