package io.switchboard.engine.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.LogConfig.LoggingType;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import com.github.dockerjava.api.model.RestartPolicy;
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

    CreateContainerCmd create(DockerClient client, String image, Workload workload, Launch launch) {
        List<ExposedPort> exposed =
                workload.ports().stream().map(ContainerSpec::exposed).toList();
        return client.createContainerCmd(image)
                .withName(name(workload, launch.taskId()))
                .withLabels(Labels.of(properties.platform(), workload, launch))
                .withEnv(environment(workload, launch.taskId()).entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .toList())
                .withExposedPorts(exposed)
                // The image's own check would cost a process each time and decide nothing.
                .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
                .withHostConfig(hostConfig(workload));
    }

    private HostConfig hostConfig(Workload workload) {
        long memory = workload.memoryMib() * MIB;
        HostConfig host = HostConfig.newHostConfig()
                .withNanoCPUs(workload.cpuMillis() * 1_000_000L)
                .withMemory(memory)
                // The same, or as much again could go to swap.
                .withMemorySwap(memory)
                .withPidsLimit(properties.pids())
                .withPortBindings(workload.ports().stream().map(this::published).toList())
                // Restarts are decided where everything else is.
                .withRestartPolicy(RestartPolicy.noRestart())
                .withSecurityOpts(List.of("no-new-privileges"))
                .withExtraHosts("host.docker.internal:host-gateway")
                .withLogConfig(new LogConfig(LoggingType.JSON_FILE, Map.of("max-size", "4m", "max-file", "2")));
        return properties.network() == null ? host : host.withNetworkMode(properties.network());
    }

    /** The workload's variables, and those of the engine, which win. */
    static Map<String, String> environment(Workload workload, String taskId) {
        Map<String, String> environment = new TreeMap<>(workload.environment());
        for (Port port : workload.ports()) {
            environment.put(port.variable(), Integer.toString(port.number()));
            if (port.name().equals("http")) {
                environment.put("SERVER_PORT", Integer.toString(port.number()));
            }
        }
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
