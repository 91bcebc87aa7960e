package io.switchboard.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.SchedulerApi;
import io.switchboard.contracts.scheduling.SchedulerApi.TaskView;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import io.switchboard.engine.Task;
import io.switchboard.engine.Usage;
import io.switchboard.engine.Workload;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.HttpClientErrorException;

/** Orders in on the real queue; what happens on the engine, and what is said about it. */
class SchedulerTests {

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
    void anOpenedInstanceGetsItsTasksAndIsSteady() {
        scheduler.opened(instance, 1000, 2);

        assertThat(scheduler.statuses(instance).findFirst())
                .hasValueSatisfying(status -> assertThat(status)
                        .isInstanceOfSatisfying(DeploymentStatus.Planned.class, planned -> {
                            assertThat(planned.tasks()).isEqualTo(2);
                            assertThat(planned.message()).contains("68 calls at once");
                        }));
        assertThat(last(instance))
                .isEqualTo(new DeploymentStatus.Steady(2, "2 tasks are ready, and the balancer sends calls."));
        assertThat(sequences(instance))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, sequences(instance).size())
                                .boxed()
                                .toList());
        assertThat(lastSnapshot(instance).tasks())
                .hasSize(2)
                .allMatch(task -> task.state() == TaskSnapshot.State.READY);
    }

    @Test
    void theSameOrderTwiceHasOneEffect() {
        var open = Orders.open(instance, 1000);
        scheduler.send(open);
        scheduler.send(open);
        scheduler.ready(instance, 1, 2);
        scheduler.awaitStatus(instance, open.orderId(), DeploymentStatus.Steady.class);
        scheduler.send(open);

        var marker = UUID.randomUUID();
        scheduler.opened(marker, 1000, 2);
        assertThat(scheduler.statuses(instance).filter(DeploymentStatus.Planned.class::isInstance))
                .hasSize(1);
        assertThat(scheduler.statuses(instance).filter(DeploymentStatus.Refused.class::isInstance))
                .isEmpty();
    }

    /** Whether it was carried out before may be forgotten by then. */
    @Test
    void anOrderThatWasAcceptedTooLongAgoHasNoEffect() {
        var open = Orders.open(instance, 1000);
        var late = new OrderMessage(
                open.orderId(),
                open.kind(),
                open.tenant(),
                open.instanceId(),
                open.instanceName(),
                Instant.now().minus(Duration.ofDays(30)).minusSeconds(1),
                open.service(),
                open.canary(),
                open.dependsOn());
        scheduler.send(late);
        scheduler.awaitStatus(instance, open.orderId(), DeploymentStatus.Refused.class);

        assertThat(scheduler.statuses(instance))
                .singleElement()
                .isInstanceOfSatisfying(
                        DeploymentStatus.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("ORDER_TOO_OLD"));
        assertThat(scheduler.tasks(instance, 1)).isEmpty();
    }

    @Test
    void anExtensionToMoreTasksOfTheSameSizeKeepsTheRunningOnes() {
        // 100 calls a task both times.
        scheduler.opened(instance, 3_180, 3);
        var before = ids(scheduler.tasks(instance, 1));

        var extend = Orders.extend(instance, 4_840);
        scheduler.send(extend);
        scheduler.ready(instance, 1, 4);
        scheduler.awaitStatus(instance, extend.orderId(), DeploymentStatus.Steady.class);

        assertThat(ids(scheduler.tasks(instance, 1))).containsAll(before).hasSize(4);
    }

    @Test
    void anExtensionToAnotherSizeReplacesTheTasks() {
        scheduler.opened(instance, 200, 2);

        var extend = Orders.extend(instance, 1_500);
        scheduler.send(extend);
        scheduler.ready(instance, 2, 2);
        scheduler.awaitStatus(instance, extend.orderId(), DeploymentStatus.Steady.class);

        assertThat(scheduler.tasks(instance, 1)).isEmpty();
        assertThat(scheduler.tasks(instance, 2)).hasSize(2);
    }

    @Test
    void aSmallerLoadStopsTheYoungestTaskOnceItsCallsAreOver() {
        scheduler.opened(instance, 4_840, 4);
        var youngest = scheduler.tasks(instance, 1).getLast().id();
        scheduler.activeCalls.put(youngest, 3);

        var extend = Orders.extend(instance, 3_180);
        scheduler.send(extend);
        await().until(() -> last(instance).message().contains("1 task finishes its calls"));
        assertThat(ids(scheduler.tasks(instance, 1))).contains(youngest);
        assertThat(lastSnapshot(instance).tasks())
                .filteredOn(task -> task.state() == TaskSnapshot.State.DRAINING)
                .singleElement()
                .satisfies(task -> assertThat(task.id()).isEqualTo(youngest));

        scheduler.activeCalls.remove(youngest);
        scheduler.awaitStatus(instance, extend.orderId(), DeploymentStatus.Steady.class);
        assertThat(ids(scheduler.tasks(instance, 1))).doesNotContain(youngest).hasSize(3);
    }

    @Test
    void aRestartReplacesEveryTaskAndNeverHasFewerReadyThanWanted() {
        scheduler.opened(instance, 1000, 2);

        var restart = Orders.restart(instance);
        scheduler.send(restart);
        await().until(() -> scheduler.tasks(instance, 2).size() == 2);
        assertThat(scheduler.tasks(instance, 1)).hasSize(2);
        scheduler.ready(instance, 2, 2);
        scheduler.awaitStatus(instance, restart.orderId(), DeploymentStatus.Steady.class);

        assertThat(scheduler.tasks(instance, 1)).isEmpty();
        assertThat(scheduler.snapshots.stream()
                        .filter(snapshot -> snapshot.instanceId().equals(instance))
                        .skip(2)
                        .mapToLong(SchedulerTests::ready))
                .allMatch(ready -> ready >= 2);
    }

    @Test
    void aDeletedInstanceLeavesNothing() {
        scheduler.opened(instance, 1000, 2);

        var delete = Orders.delete(instance);
        scheduler.send(delete);
        scheduler.awaitStatus(instance, delete.orderId(), DeploymentStatus.Removed.class);

        assertThat(scheduler.tasks(instance, 1)).isEmpty();
        await().untilAsserted(() -> assertThat(lastSnapshot(instance).removed()).isTrue());
        assertThat(lastSnapshot(instance).tasks()).isEmpty();
        assertThat(api("service").taskSnapshots())
                .noneMatch(snapshot -> snapshot.instanceId().equals(instance));
    }

    @Test
    void moreThanThePlanAllowsIsRefusedAndChangesNothing() {
        scheduler.opened(instance, 1000, 2);

        var extend = Orders.extend(instance, 1_000_000);
        scheduler.send(extend);
        scheduler.awaitStatus(instance, extend.orderId(), DeploymentStatus.Refused.class);

        assertThat(last(instance)).isInstanceOfSatisfying(DeploymentStatus.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo("LOAD_TOO_LARGE");
            assertThat(refused.message()).contains("but 6 may run");
        });
        assertThat(api("acme").deployment(instance, null).status()).isInstanceOf(DeploymentStatus.Steady.class);
    }

    @Test
    void aRefusedOpeningLeavesNoDeployment() {
        var open = Orders.open(instance, 1_000_000);
        scheduler.send(open);
        scheduler.awaitStatus(instance, open.orderId(), DeploymentStatus.Refused.class);

        assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
                .isThrownBy(() -> api("acme").deployment(instance, null));
    }

    @Test
    void aPoisonedMessageIsParkedWhileOthersFlow() {
        scheduler.sendText("{\"orderId\": \"nonsense\"", UUID.randomUUID());
        var others = IntStream.range(0, 20)
                .mapToObj(i -> Orders.open(UUID.randomUUID(), 1000))
                .toList();
        others.forEach(scheduler::send);

        others.forEach(
                order -> scheduler.awaitStatus(order.instanceId(), order.orderId(), DeploymentStatus.Planned.class));
        assertThat(scheduler.deadLetter(Duration.ofSeconds(10)))
                .hasValueSatisfying(text -> assertThat(text).contains("nonsense"));
        assertThat(scheduler.deadLetter(Duration.ofMillis(100))).isEmpty();
    }

    @Test
    void aTaskThatDiesIsReplacedAndTheBalancerHears() {
        scheduler.opened(instance, 1000, 2);
        var victim = scheduler.tasks(instance, 1).getFirst().id();

        scheduler.engine.crash(victim, "exited with code 137");
        await().until(() -> ready(lastSnapshot(instance)) == 1);
        assertThat(ids(scheduler.tasks(instance, 1))).doesNotContain(victim);
        scheduler.ready(instance, 1, 2);

        await().until(() -> last(instance) instanceof DeploymentStatus.Steady && ready(lastSnapshot(instance)) == 2);
    }

    @Test
    void aRestartedSchedulerGoesOnWhereItWas() {
        scheduler.opened(instance, 1000, 2);
        var restart = Orders.restart(instance);
        scheduler.send(restart);
        await().until(() -> scheduler.tasks(instance, 2).size() == 2);
        var young = ids(scheduler.tasks(instance, 2));

        scheduler.restart();

        scheduler.ready(instance, 2, 2);
        scheduler.awaitStatus(instance, restart.orderId(), DeploymentStatus.Steady.class);
        assertThat(ids(scheduler.tasks(instance, 2))).containsExactlyElementsOf(young);
        assertThat(scheduler.tasks(instance, 1)).isEmpty();
    }

    @Test
    void aWorkloadThatNoDeploymentKnowsIsRemoved() {
        scheduler.engine.ensure(foreign("other-app"));
        scheduler.engine.ensure(foreign("sb-000000000000-r1"));

        await().until(() -> !scheduler.engine.workloads().contains("sb-000000000000-r1"));
        assertThat(scheduler.engine.workloads()).contains("other-app");
    }

    @Test
    void whileTheEngineIsSilentTheOrderWaitsAndSaysSo() {
        scheduler.engine.silence(true);
        var open = Orders.open(instance, 1000);
        try {
            scheduler.send(open);
            await().until(() -> scheduler
                    .statuses(instance)
                    .anyMatch(status -> status.message().contains("engine 'memory' gave no answer")));
        } finally {
            scheduler.engine.silence(false);
        }

        scheduler.ready(instance, 1, 2);
        scheduler.awaitStatus(instance, open.orderId(), DeploymentStatus.Steady.class);
    }

    @Test
    void aTenantSeesItsOwnDeploymentsOnly() {
        scheduler.opened(instance, 1000, 2);
        var task = scheduler.tasks(instance, 1).getFirst();
        scheduler.engine.measure(task.id(), new Usage(420, 300, Instant.now()));

        var view = api("acme").deployment(instance, null);
        assertThat(view.engine()).isEqualTo("memory");
        assertThat(view.wantedTasks()).isEqualTo(2);
        assertThat(view.tasks()).extracting(TaskView::state).containsOnly(TaskView.State.READY);
        assertThat(view.tasks().getFirst().usage())
                .map(SchedulerApi.Usage::cpuMillis)
                .isEqualTo(Optional.of(420));
        assertThat(api("acme").deployments(null))
                .extracting(SchedulerApi.DeploymentView::instanceId)
                .contains(instance);
        assertThat(api("operator").deployments(null))
                .extracting(SchedulerApi.DeploymentView::instanceId)
                .contains(instance);
        assertThat(api("globex").deployments(null)).isEmpty();
        assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
                .isThrownBy(() -> api("globex").deployment(instance, null));
        assertThatExceptionOfType(HttpClientErrorException.Forbidden.class)
                .isThrownBy(() -> api("acme").taskSnapshots());
        assertThat(api("service").taskSnapshots())
                .anyMatch(snapshot -> snapshot.instanceId().equals(instance));
    }

    @Test
    void whatATaskWroteIsShownToItsTenantOnly() {
        scheduler.opened(instance, 1000, 2);
        var task = scheduler.tasks(instance, 1).getFirst().id();
        scheduler.engine.write(task, "listening");
        scheduler.engine.write(task, "an agent logged in");

        assertThat(api("acme").log(instance, task, null, null).lines()).endsWith("listening", "an agent logged in");
        assertThat(api("operator").log(instance, task, 1, null).lines()).containsExactly("an agent logged in");
        assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
                .isThrownBy(() -> api("globex").log(instance, task, null, null));
        assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
                .isThrownBy(() -> api("acme").log(instance, "somebody-elses", null, null));
        assertThatExceptionOfType(HttpClientErrorException.BadRequest.class)
                .isThrownBy(() -> api("acme").log(instance, task, 1_001, null));
    }

    @Test
    void whatTasksWriteIsFollowedLive() throws Exception {
        scheduler.opened(instance, 1000, 2);
        var first = scheduler.tasks(instance, 1).getFirst().id();
        var second = scheduler.tasks(instance, 1).getLast().id();
        scheduler.engine.write(first, "too old");
        scheduler.engine.write(first, "listening");

        try (var events = follow("acme", "?lines=1")) {
            assertThat(nextData(events)).contains(first, "listening");
            scheduler.engine.write(second, "an agent logged in");
            assertThat(nextData(events)).contains(second, "an agent logged in");
            scheduler.send(Orders.delete(instance));
            await().until(() -> scheduler.tasks(instance, 1).isEmpty());
            assertThat(nextData(events)).contains("is gone; none of its tasks runs any more.");
            assertThatExceptionOfType(EOFException.class).isThrownBy(() -> nextData(events));
        }
        for (var refused : List.of("globex ", "acme ?task=nobody", "acme ?lines=0")) {
            var parts = refused.split(" ", 2);
            assertThatExceptionOfType(HttpClientErrorException.class)
                    .isThrownBy(() -> follow(parts[0], parts[1]).close());
        }
    }

    @Test
    void theLogOfATaskEndsWithIt() throws Exception {
        scheduler.opened(instance, 1000, 2);
        var task = scheduler.tasks(instance, 1).getFirst().id();
        scheduler.engine.write(task, "listening");

        try (var events = follow("acme", "?task=" + task)) {
            assertThat(nextData(events)).contains("listening");
            scheduler.engine.write(task, "out of memory");
            scheduler.engine.crash(task, "exited with code 137");

            assertThat(nextData(events)).contains("out of memory");
            assertThat(nextData(events)).contains("Task " + task + " has ended.");
            assertThatExceptionOfType(EOFException.class).isThrownBy(() -> nextData(events));
        }
    }

    private BufferedReader follow(String holder, String query) throws Exception {
        var client = HttpClient.newHttpClient();
        var answer = client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:%d/api/v1/deployments/%s/log/events%s"
                                .formatted(scheduler.port(), instance, query)))
                        .header("Authorization", "Bearer " + holder)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw HttpClientErrorException.create(
                    HttpStatusCode.valueOf(answer.statusCode()), "refused", HttpHeaders.EMPTY, new byte[0], null);
        }
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static String nextData(BufferedReader events) throws IOException {
        for (var line = events.readLine(); line != null; line = events.readLine()) {
            if (line.startsWith("data:")) {
                return line;
            }
        }
        throw new EOFException("the stream has ended");
    }

    private static Workload foreign(String name) {
        return new Workload(
                name, "acd", 1, 100, 64, List.of(), Map.of(), new Workload.Health.Running(), Duration.ofSeconds(1));
    }

    private static SchedulerApi api(String holder) {
        return scheduler.api(SchedulerApi.class, holder);
    }

    private static DeploymentStatus last(UUID instance) {
        return scheduler.statuses(instance).reduce((one, next) -> next).orElseThrow();
    }

    private static TaskSnapshot lastSnapshot(UUID instance) {
        return scheduler.snapshots.stream()
                .filter(snapshot -> snapshot.instanceId().equals(instance))
                .reduce((one, next) -> next)
                .orElseThrow();
    }

    private static List<Long> sequences(UUID instance) {
        return scheduler.events.stream()
                .filter(event -> event.instanceId().equals(instance))
                .map(DeploymentEvent::sequence)
                .toList();
    }

    private static long ready(TaskSnapshot snapshot) {
        return snapshot.tasks().stream()
                .filter(task -> task.state() == TaskSnapshot.State.READY)
                .count();
    }

    private static List<String> ids(List<Task> tasks) {
        return tasks.stream().map(Task::id).toList();
    }
}
