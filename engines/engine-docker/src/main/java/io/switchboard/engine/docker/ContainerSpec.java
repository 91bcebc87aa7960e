package io.switchboard.engine.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.LogConfig.LoggingType;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import com.github.dockerjava.api.model.RestartPolicy;
import io.switchboard.engine.PortRange;
import io.switchboard.engine.Workload;
import io.switchboard.engine.Workload.Port;
import io.switchboard.engine.supervision.Launch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is asked of the daemon for a task. */
final class ContainerSpec {

    private static final long MIB = 1 << 20;

    private final DockerEngineProperties properties;

    ContainerSpec(DockerEngineProperties properties) {
        this.properties = properties;
    }

    static String name(Workload workload, String taskId) {
        return workload.name() + "-" + taskId;
    }

    /** @param ports where the task listens on the host's network, by the name of its port; none if it has a network of its own */
    CreateContainerCmd create(
            DockerClient client, String image, Workload workload, Launch launch, Map<String, PortRange> ports) {
        var environment = environment(workload, launch.taskId(), ports);
        return client.createContainerCmd(image)
                .withName(name(workload, launch.taskId()))
                .withLabels(Labels.of(properties.platform(), workload, launch, ports))
                .withEnv(environment.entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .toList())
                .withExposedPorts(
                        ports.isEmpty()
                                ? workload.ports().stream()
                                        .map(ContainerSpec::exposed)
                                        .toList()
                                : List.of())
                // The image's own check would cost a process each time and decide nothing.
                .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                .withHostConfig(ports.isEmpty() ? ownNetwork(workload) : hostNetwork(workload));
    }

    private HostConfig ownNetwork(Workload workload) {
        HostConfig host = limits(workload)
                .withPortBindings(workload.ports().stream().map(this::published).toList());
        return properties.network() == null ? host : host.withNetworkMode(properties.network());
    }

    /** There is no need there to send as somebody else, or to listen where the machine's own programs do. */
    private HostConfig hostNetwork(Workload workload) {
        return limits(workload).withNetworkMode("host").withCapDrop(Capability.NET_RAW, Capability.NET_BIND_SERVICE);
    }

    private HostConfig limits(Workload workload) {
        long memory = workload.memoryMib() * MIB;
        return HostConfig.newHostConfig()
                .withNanoCPUs(workload.cpuMillis() * 1_000_000L)
                .withMemory(memory)
                // The same, or as much again could go to swap.
                .withMemorySwap(memory)
                .withPidsLimit(properties.pids())
                // Restarts are decided where everything else is.
                .withRestartPolicy(RestartPolicy.noRestart())
                .withSecurityOpts(List.of("no-new-privileges"))
                .withExtraHosts("host.docker.internal:host-gateway")
                .withLogConfig(new LogConfig(LoggingType.JSON_FILE, Map.of("max-size", "4m", "max-file", "2")));
    }

    /**
     * The workload's variables, and those of the engine, which win. On the host's network a Spring Boot program listens
     * nowhere but where the platform reaches it, by {@code SERVER_ADDRESS}.
     */
    private Map<String, String> environment(Workload workload, String taskId, Map<String, PortRange> ports) {
        Map<String, String> environment = new TreeMap<>(workload.environment());
        for (Port port : workload.singlePorts()) {
            PortRange assigned = ports.get(port.name());
            String number = Integer.toString(assigned == null ? port.number() : assigned.first());
            environment.put(port.variable(), number);
            if (port.name().equals("http")) {
                environment.put("SERVER_PORT", number);
                if (assigned != null) {
                    environment.put("SERVER_ADDRESS", properties.publishAddress());
                }
            }
        }
        environment.putAll(workload.mediaVariables(ports, properties.sdpAddress()));
        environment.put("SWITCHBOARD_TASK_ID", taskId);
        return environment;
    }

    private static ExposedPort exposed(Port port) {
        return port.udp() ? ExposedPort.udp(port.number()) : ExposedPort.tcp(port.number());
    }

    /** The daemon finds a free one. */
    private PortBinding published(Port port) {
        return new PortBinding(Binding.bindIp(properties.publishAddress()), exposed(port));
    }
}
