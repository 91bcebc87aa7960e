package io.switchboard.contracts.scheduling;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.switchboard.contracts.identity.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** What runs, and why. {@link Caller} parameters come from the access token; a client passes {@code null}. */
@HttpExchange
public interface SchedulerApi {

    /** Deployments of the caller's tenant, or all of them for an operator. */
    @GetExchange("/api/v1/deployments")
    List<DeploymentView> deployments(@Nullable Caller caller);

    @GetExchange("/api/v1/deployments/{instanceId}")
    DeploymentView deployment(@PathVariable UUID instanceId, @Nullable Caller caller);

    /**
     * The last lines that a task wrote to its standard output and error.
     *
     * @param lines at most so many, 1 to 1,000; 200 if it isn't said
     */
    @GetExchange("/api/v1/deployments/{instanceId}/tasks/{taskId}/log")
    TaskLog log(
            @PathVariable UUID instanceId,
            @PathVariable String taskId,
            @RequestParam(required = false) @Nullable Integer lines,
            @Nullable Caller caller);

    /** What the balancer should know of every instance; services only, for a full resync. */
    @GetExchange("/internal/v1/task-snapshots")
    List<TaskSnapshot> taskSnapshots();

    /**
     * @param revision number of the state that is wanted now
     * @param engine which engine runs it
     * @param explanation how the capacity plan came about, in words and figures
     */
    record DeploymentView(
            UUID instanceId,
            String tenant,
            String instanceName,
            String serviceType,
            String image,
            long revision,
            String engine,
            int wantedTasks,
            Resources perTask,
            String explanation,
            DeploymentStatus status,
            Instant changedAt,
            List<TaskView> tasks) {

        public DeploymentView {
            tasks = List.copyOf(tasks);
        }
    }

    /**
     * @param usage the last measurement, absent until there is one
     * @param media its ports for media on its host, by the name of the service's port
     */
    record TaskView(
            String id,
            long revision,
            State state,
            String message,
            String host,
            Map<String, Integer> ports,
            Instant startedAt,
            int restarts,
            Optional<Usage> usage,
            // Absent in what earlier versions said.
            @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, PortBlock> media) {

        public TaskView {
            ports = Map.copyOf(ports);
            media = Map.copyOf(media);
        }

        public enum State {
            STARTING,
            READY,
            UNHEALTHY,
            DRAINING,
            STOPPING
        }
    }

    /** Ports from first to last, both included. */
    record PortBlock(int first, int last) {}

    /** @param lines oldest first */
    record TaskLog(String taskId, List<String> lines) {

        public TaskLog {
            lines = List.copyOf(lines);
        }
    }

    /** @param cpuMillis thousandths of a core over the last measuring interval */
    record Usage(int cpuMillis, int memoryMib, Instant at) {}
}
