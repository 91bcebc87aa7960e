package io.switchboard.access.endpoint;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.scheduling.SchedulerApi;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.ResourceAccessException;

/** A scheduler that can't be reached. */
class NoScheduler implements SchedulerApi {

    @Override
    public List<DeploymentView> deployments(@Nullable Caller caller) {
        throw away();
    }

    @Override
    public DeploymentView deployment(UUID instanceId, @Nullable Caller caller) {
        throw away();
    }

    @Override
    public TaskLog log(UUID instanceId, String taskId, @Nullable Integer lines, @Nullable Caller caller) {
        throw new UnsupportedOperationException("service-access does not call this");
    }

    @Override
    public List<TaskSnapshot> taskSnapshots() {
        throw away();
    }

    private static ResourceAccessException away() {
        return new ResourceAccessException("the scheduler is away");
    }
}
