package io.switchboard.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.NodesApi;
import io.switchboard.contracts.scheduling.NodesApi.NodeView;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.RolloutsApi;
import io.switchboard.contracts.scheduling.SchedulerApi;
import io.switchboard.engine.Task;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.HttpClientErrorException;

/** Two nodes, and instances on both. */
class NodesTests {

    private static final String FIRST = "10.0.0.1";
    private static final String SECOND = "10.0.0.2";

    private static RunningScheduler scheduler;

    private final UUID instance = UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        scheduler = new RunningScheduler();
    }

    @AfterAll
    static void stop() throws Exception {
        scheduler.close();
    }

    @Test
    void aDrainedNodeIsEmptiedOnceItsCallsHaveEnded() {
        scheduler.opened(instance, 1000, 2);
        var there = scheduler.tasks(instance, 1).stream()
                .filter(task -> task.host().equals(FIRST))
                .findFirst()
                .orElseThrow();
        scheduler.activeCalls.put(there.id(), 1);

        var drained = api("operator").drain(FIRST, null);

        assertThat(drained.drainedSince()).isPresent();
        assertThat(api("operator").drain(FIRST, null).drainedSince()).isEqualTo(drained.drainedSince());
        scheduler.ready(instance, 2, 2);
        assertThat(scheduler.tasks(instance, 2)).extracting(Task::host).containsOnly(SECOND);
        await().until(() -> scheduler.tasks(instance, 1).size() == 1);
        assertThat(scheduler.tasks(instance, 1)).extracting(Task::id).containsExactly(there.id());
        scheduler.activeCalls.clear();
        await().until(() -> scheduler.tasks(instance, 1).isEmpty());
        assertThat(node(FIRST).tasks()).isZero();
        assertThat(node(SECOND).tasks()).isEqualTo(2);

        var restart = Orders.restart(instance);
        scheduler.send(restart);
        scheduler.ready(instance, 3, 2);
        scheduler.awaitStatus(instance, restart.orderId(), DeploymentStatus.Steady.class);
        assertThat(scheduler.tasks(instance, 3)).extracting(Task::host).containsOnly(SECOND);

        assertThat(api("operator").undrain(FIRST, null).drainedSince()).isEmpty();
        assertThat(api("operator").undrain(FIRST, null).drainedSince()).isEmpty();
        scheduler.send(Orders.delete(instance));
        await().until(() -> scheduler.tasks(instance, 3).isEmpty());
    }

    @Test
    void whatKeepsAnInstanceOnADrainedNodeIsTold() {
        scheduler.opened(instance, 1000, 2);
        var restart = Orders.restart(instance);
        scheduler.send(restart);
        await().until(() -> scheduler.tasks(instance, 2).size() == 2);
        scheduler.api(RolloutsApi.class, "acme").pause(instance, null);

        var drained = api("operator").drain(FIRST, null);

        assertThat(drained.used().cpuMillis()).isEqualTo(drained.tasks() * cpuOfEach());
        assertThat(drained.leaving()).singleElement().satisfies(leaving -> {
            assertThat(leaving.instanceId()).isEqualTo(instance);
            assertThat(leaving.tasks()).isEqualTo(drained.tasks());
            assertThat(leaving.blocked()).isTrue();
            assertThat(leaving.why()).matches("It is paused by the tenant since .*; it moves once it is resumed\\.");
        });
        assertThat(node(SECOND).leaving()).isEmpty();

        scheduler.api(RolloutsApi.class, "operator").resume(instance, null);
        assertThat(node(FIRST).leaving())
                .singleElement()
                .satisfies(leaving ->
                        assertThat(leaving.why()).startsWith("It moves after the rollout that is under way: "));
        scheduler.ready(instance, 2, 2);
        scheduler.ready(instance, 3, 2);
        await().until(() -> node(FIRST).tasks() == 0);
        assertThat(node(FIRST).leaving()).isEmpty();
        api("operator").undrain(FIRST, null);
        scheduler.send(Orders.delete(instance));
        await().until(() -> scheduler.tasks(instance, 3).isEmpty());
    }

    /** More than half of a node's ports for each task, so that there is room for one on each of the two. */
    @Test
    void portsForMediaAreShownByNodeAndTaskAndToldToNoBalancer() {
        var order = Orders.withMedia(Orders.open(instance, 1000), 5_002);
        scheduler.send(order);
        scheduler.ready(instance, 1, 2);
        scheduler.awaitStatus(instance, order.orderId(), DeploymentStatus.Steady.class);

        var shown = scheduler.api(SchedulerApi.class, "acme").deployment(instance, null);
        assertThat(shown.tasks()).hasSize(2).allSatisfy(task -> {
            assertThat(task.media()).isEqualTo(Map.of("rtp", new SchedulerApi.PortBlock(10_000, 15_001)));
            assertThat(task.ports()).containsOnlyKeys("http");
        });
        assertThat(node(FIRST).media()).hasValue(new NodesApi.MediaPorts(10_000, 19_999, 5_002, 4_998));
        assertThat(scheduler.api(SchedulerApi.class, "service").taskSnapshots())
                .filteredOn(snapshot -> snapshot.instanceId().equals(instance))
                .singleElement()
                .satisfies(snapshot ->
                        assertThat(snapshot.ports()).extracting(PortSpec::name).containsExactly("http"));

        scheduler.send(Orders.withMedia(Orders.extend(instance, 5_000), 5_002));
        await().untilAsserted(() -> assertThat(scheduler
                        .api(SchedulerApi.class, "acme")
                        .deployment(instance, null)
                        .status()
                        .message())
                .contains("2 of 5 tasks ready; no block of 5002 ports for media is free"));

        scheduler.send(Orders.delete(instance));
        await().until(() -> node(FIRST).media().orElseThrow().used() == 0);
    }

    @Test
    void aTaskThatNeedsMorePortsForMediaThanANodeHasIsRefused() {
        scheduler.send(Orders.withMedia(Orders.open(instance, 1000), 10_002));

        await().untilAsserted(() -> assertThat(scheduler
                        .api(SchedulerApi.class, "acme")
                        .deployment(instance, null)
                        .status()
                        .message())
                .contains("engine 'memory' refused: a task needs 10002 ports for media", "10000-19999"));
        scheduler.send(Orders.delete(instance));
    }

    private int cpuOfEach() {
        return scheduler
                .api(SchedulerApi.class, "operator")
                .deployment(instance, null)
                .perTask()
                .cpuMillis();
    }

    @Test
    void nodesAreTheOperatorsOnly() {
        assertThat(api("operator").nodes(null)).extracting(NodeView::host).containsExactly(FIRST, SECOND);
        for (var holder : new String[] {"acme", "service"}) {
            assertThatExceptionOfType(HttpClientErrorException.Forbidden.class)
                    .isThrownBy(() -> api(holder).nodes(null));
            assertThatExceptionOfType(HttpClientErrorException.Forbidden.class)
                    .isThrownBy(() -> api(holder).drain(FIRST, null));
            assertThatExceptionOfType(HttpClientErrorException.Forbidden.class)
                    .isThrownBy(() -> api(holder).undrain(FIRST, null));
        }
        assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
                .isThrownBy(() -> api("operator").drain("10.9.9.9", null));
    }

    private static NodeView node(String host) {
        return api("operator").nodes(null).stream()
                .filter(node -> node.host().equals(host))
                .findFirst()
                .orElseThrow();
    }

    private static NodesApi api(String holder) {
        return scheduler.api(NodesApi.class, holder);
    }
}
