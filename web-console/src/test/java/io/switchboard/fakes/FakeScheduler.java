package io.switchboard.fakes;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.scheduling.SchedulerApi;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class FakeScheduler implements SchedulerApi {

    private final World world;
    private final FakeLogs logs;

    FakeScheduler(World world, FakeLogs logs) {
        this.world = world;
        this.logs = logs;
    }

    @Override
    public List<DeploymentView> deployments(@Nullable Caller caller) {
        return world.deployments(FakeOrders.signedIn(caller));
    }

    @Override
    public DeploymentView deployment(UUID instanceId, @Nullable Caller caller) {
        return world.deployment(instanceId, FakeOrders.signedIn(caller));
    }

    @Override
    public TaskLog log(UUID instanceId, String taskId, @Nullable Integer lines, @Nullable Caller caller) {
        world.deployment(instanceId, FakeOrders.signedIn(caller));
        return new TaskLog(taskId, logs.of(taskId));
    }

    @Override
    public List<TaskSnapshot> taskSnapshots() {
        throw new UnsupportedOperationException("the console does not call this");
    }
}
