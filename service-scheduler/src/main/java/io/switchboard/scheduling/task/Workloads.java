package io.switchboard.scheduling.task;

import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.PortSpec.Protocol;
import io.switchboard.engine.Workload;
import io.switchboard.engine.Workload.Health;
import io.switchboard.scheduling.deployment.Deployment.Instance;
import io.switchboard.scheduling.deployment.Revision;
import java.util.LinkedHashMap;
import java.util.Map;

/** Puts a revision into the form an engine takes; the same revision gives the same workload every time. */
public final class Workloads {

    private static final String STAGE = "prod";

    private final ConfigAccess configAccess;
    private final TaskSecrets secrets;
    private final TaskProperties properties;

    public Workloads(ConfigAccess configAccess, TaskSecrets secrets, TaskProperties properties) {
        this.configAccess = configAccess;
        this.secrets = secrets;
        this.properties = properties;
    }

    /** @throws ConfigAccess.ConfigCenterSilent if the tasks need to read configuration and it isn't known with what */
    public Workload workload(Instance instance, Revision revision, int tasks) {
        return new Workload(
                revision.workload(),
                revision.image(),
                tasks,
                revision.perTask().cpuMillis(),
                revision.perTask().memoryMib(),
                revision.ports().stream().map(Workloads::port).toList(),
                environment(instance, revision),
                health(revision),
                properties.stopGrace());
    }

    private static Workload.Port port(PortSpec port) {
        return port.protocol() == Protocol.RTP
                ? Workload.Port.media(port.name(), port.count())
                : new Workload.Port(port.name(), port.containerPort(), port.protocol() == Protocol.SIP_UDP);
    }

    private Map<String, String> environment(Instance instance, Revision revision) {
        var environment = new LinkedHashMap<String, String>();
        if (revision.configAccess()) {
            environment.putAll(
                    configAccess.environment(instance.tenant(), instance.name(), STAGE, revision.workload()));
        }
        // Ours last: nothing that comes over the network may pose as them.
        environment.put("SWITCHBOARD_TENANT", instance.tenant());
        environment.put("SWITCHBOARD_INSTANCE_ID", instance.id().toString());
        environment.put("SWITCHBOARD_INSTANCE_NAME", instance.name());
        environment.put("SWITCHBOARD_REVISION", Long.toString(revision.number()));
        environment.put("SWITCHBOARD_PARAMETERS", revision.parameters());
        secrets.of(revision).ifPresent(secret -> environment.put("SWITCHBOARD_TASK_SECRET", secret));
        return environment;
    }

    private Health health(Revision revision) {
        boolean speaksHttp = revision.ports().stream()
                .anyMatch(port -> port.balanced() && port.name().equals("http"));
        return speaksHttp
                ? new Health.Http(
                        "http",
                        properties.healthPath(),
                        properties.healthInterval(),
                        properties.healthTimeout(),
                        properties.startGrace())
                : new Health.Running();
    }
}
