package io.switchboard.engine.marathon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.engine.Acceptance.Accepted;
import io.switchboard.engine.Acceptance.Reason;
import io.switchboard.engine.Acceptance.Refused;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.Task;
import io.switchboard.engine.Task.State;
import io.switchboard.engine.Workload;
import io.switchboard.marathon.simulator.Faults;
import io.switchboard.marathon.simulator.MarathonSimulator;
import io.switchboard.marathon.simulator.ScriptedPrograms;
import io.switchboard.marathon.simulator.ScriptedPrograms.Behaviour;
import io.switchboard.marathon.simulator.Settings;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes wrong between the engine and Marathon, one thing at a time. */
class MarathonFaultTests {

    private final MarathonSimulator marathon = MarathonSimulator.live(
            Settings.DEFAULT.withReviveEvery(Duration.ofMillis(100)),
            new ScriptedPrograms(task -> Behaviour.PLAIN.stopping(Duration.ofMillis(300))));
    private final URI url = marathon.start();
    private Engine engine = open(List.of(url));

    @AfterEach
    void close() {
        engine.close();
        marathon.close();
    }

    private static Engine open(List<URI> urls) {
        return MarathonEngine.open(Examples.properties(urls, Map.of()), null, Clock.systemUTC());
    }

    @Test
    void aChangeThatWasMadeBeforeItsErrorIsNotMadeAgain() {
        marathon.faults(Faults.NONE.withErrors(0, 1));

        assertThat(engine.ensure(Examples.shop("shop", 2))).isEqualTo(new Accepted());

        awaitReady("shop", 2);
        String victim = engine.tasks("shop").getFirst().id();
        engine.stopTasks("shop", Set.of(victim));
        awaitReady("shop", 1);
        assertThat(marathon.calls())
                .filteredOn(call -> call.startsWith("POST /v2/apps"))
                .hasSize(1);
        assertThat(marathon.calls())
                .filteredOn(call -> call.startsWith("POST /v2/tasks/delete"))
                .hasSize(1);
        engine.remove("shop");
        await().until(() -> engine.workloads().isEmpty());
        assertThat(marathon.tasks()).isEmpty();
    }

    @Test
    void aConnectionThatEndsAfterTheChangeIsNoReasonToRepeatIt() {
        marathon.faults(Faults.NONE.withCuts(0, 1));

        assertThat(engine.ensure(Examples.shop("shop", 2))).isEqualTo(new Accepted());

        awaitReady("shop", 2);
        engine.stopTasks("shop", Set.of(engine.tasks("shop").getFirst().id()));
        awaitReady("shop", 1);
        await().during(Duration.ofMillis(600)).until(() -> marathon.tasks().size() <= 2);
        assertThat(marathon.tasks()).hasSize(1);
        assertThat(marathon.calls())
                .filteredOn(call -> call.startsWith("POST /v2/apps"))
                .hasSize(1);
    }

    @Test
    void errorsBeforeAnythingHappenedAreRetried() {
        marathon.faults(Faults.NONE.withErrors(0.4, 0));

        await().ignoreExceptionsInstanceOf(EngineUnavailable.class)
                .until(() -> engine.ensure(Examples.shop("shop", 1)), new Accepted()::equals);

        marathon.faults(Faults.NONE);
        awaitReady("shop", 1);
        assertThat(marathon.tasks()).hasSize(1);
    }

    @Test
    void whatIsNotVisibleYetIsNotForgotten() {
        awaitQuiet();
        marathon.faults(Faults.NONE.withVisibleAfter(Duration.ofMillis(1500)));

        engine.ensure(Examples.shop("shop", 1));

        assertThat(engine.workloads()).contains("shop");
        assertThat(engine.ensure(Examples.shop("shop", 1))).isEqualTo(new Accepted());
        awaitReady("shop", 1);
        engine.ensure(Examples.shop("shop", 3));
        assertThat(engine.ensure(Examples.shop("shop", 3))).isEqualTo(new Accepted());
        awaitReady("shop", 3);
        engine.remove("shop");
        await().until(() -> engine.workloads().isEmpty());
        await().during(Duration.ofSeconds(1)).until(() -> engine.workloads().isEmpty());
        assertThat(marathon.apps()).isEmpty();
    }

    @Test
    void aLockThatNeverOpensIsForced() {
        marathon.resizeAgents(1, 16384);
        engine.ensure(Examples.shop("shop", 4));
        awaitReady("shop", 4);
        engine.ensure(Examples.shop("shop", 20));
        await().until(() -> engine.tasks("shop").size() == 6);

        String victim = engine.tasks("shop").getFirst().id();
        engine.stopTasks("shop", Set.of(victim));

        await().until(() ->
                engine.tasks("shop").stream().noneMatch(task -> task.id().equals(victim)));
        assertThat(engine.ensure(Examples.shop("shop", 2))).isEqualTo(new Accepted());
        awaitReady("shop", 2);
    }

    @Test
    void aKillThatIsGoingOnIsNeverDoneTwice() {
        engine.ensure(Examples.shop("shop", 4));
        awaitReady("shop", 4);
        List<String> ids = engine.tasks("shop").stream().map(Task::id).toList();

        engine.stopTasks("shop", Set.of(ids.get(0)));
        engine.stopTasks("shop", Set.of(ids.get(0)));
        reopen(List.of(url));
        engine.stopTasks("shop", Set.of(ids.get(0), ids.get(1)));

        awaitReady("shop", 2);
        await().during(Duration.ofMillis(600)).until(() -> marathon.tasks().size() == 2);
        assertThat(engine.tasks("shop")).extracting(Task::id).containsExactlyInAnyOrder(ids.get(2), ids.get(3));
    }

    @Test
    void manyWorkloadsAtOnceAreFewCalls() throws Exception {
        marathon.resizeAgents(100, 100_000);
        awaitQuiet();
        marathon.forgetCalls();

        inParallel(300, n -> engine.ensure(Examples.shop("shop-" + n, 1)));

        await().atMost(Duration.ofSeconds(60)).until(() -> marathon.tasks().size() == 300);
        assertThat(marathon.calls())
                .filteredOn(call -> !call.startsWith("GET"))
                .hasSizeLessThan(10)
                .anyMatch("PUT /v2/apps"::equals);
    }

    @Test
    void oneBadWorkloadDoesNotSpoilTheOthers() throws Exception {
        foreign("/switchboard/acme/taken", Map.of());

        Object[] answers = new Object[20];
        inParallel(20, n -> {
            answers[n] = engine.ensure(n == 7 ? of("taken", "shop-7") : Examples.shop("shop-" + n, 1));
            return answers[n];
        });

        assertThat(answers[7]).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.INVALID);
            assertThat(refused.detail()).contains("same identifier");
        });
        assertThat(answers).filteredOn(new Accepted()::equals).hasSize(19);
        await().until(() -> marathon.tasks().size() == 20);
    }

    private static Workload of(String instance, String name) {
        Workload shop = Examples.shop(name, 1);
        return new Workload(
                name,
                shop.image(),
                1,
                shop.cpuMillis(),
                shop.memoryMib(),
                shop.ports(),
                Map.of("SWITCHBOARD_TENANT", "acme", "SWITCHBOARD_INSTANCE_ID", instance),
                shop.health(),
                shop.stopGrace());
    }

    @Test
    void tooManyDeploymentsAreWaitedFor() {
        MarathonSimulator crowded = MarathonSimulator.live(
                Settings.DEFAULT.withMaxDeployments(2).withReviveEvery(Duration.ofMillis(100)), new ScriptedPrograms());
        crowded.resizeAgents(0.1, 16384);
        reopen(List.of(crowded.start()));
        try {
            engine.ensure(Examples.shop("first", 1));
            engine.ensure(Examples.shop("second", 1));
            // Neither of them ever finishes; the third has to be forced.
            assertThat(engine.ensure(Examples.shop("third", 1))).isEqualTo(new Accepted());
            assertThat(crowded.apps()).hasSize(3);
        } finally {
            engine.close();
            crowded.close();
        }
    }

    @Test
    void saysWhyNothingStarts() {
        marathon.resizeAgents(0.3, 16384);
        engine.ensure(Examples.shop("shop", 1));

        await().until(() -> engine.shortfall("shop").orElse("").contains("largest gap"));
        assertThat(engine.shortfall("shop"))
                .contains("waiting for a node: 3 nodes without enough cores: the largest gap is 0.3, a task needs 0.5");
        marathon.resizeAgents(4, 16384);
        awaitReady("shop", 1);
        assertThat(engine.shortfall("shop")).isEmpty();
    }

    @Test
    void eventsThatNeverComeAreMadeUpForByLooking() {
        engine.ensure(Examples.shop("shop", 1));
        awaitReady("shop", 1);
        marathon.faults(Faults.NONE.withLostEvents(1));
        String before = engine.tasks("shop").getFirst().id();

        marathon.exit(before, 3);

        await().atMost(Duration.ofSeconds(60))
                .until(() -> engine.tasks("shop").stream().anyMatch(task -> task.restarts() == 1));
        assertThat(engine.tasks("shop").getFirst().message()).contains("exited with status 3");
    }

    @Test
    void aCutStreamIsOpenedAgain() {
        await().until(() -> marathon.subscribers() == 1);

        marathon.cutStreams();

        await().until(() -> marathon.subscribers() == 1);
    }

    @Test
    void anotherLeaderIsFound() {
        URI second = marathon.start();
        reopen(List.of(url, second));
        engine.ensure(Examples.shop("shop", 1));
        awaitReady("shop", 1);
        Task before = engine.tasks("shop").getFirst();

        marathon.failOver(Duration.ofMillis(700));

        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(EngineUnavailable.class)
                .until(() -> engine.ensure(Examples.shop("shop", 2)), new Accepted()::equals);
        awaitReady("shop", 2);
        assertThat(engine.tasks("shop")).extracting(Task::id).contains(before.id());
        await().until(() -> marathon.subscribers() == 1);
    }

    @Test
    void aSilentMarathonIsUnavailableUntilItAnswersAgain() {
        engine.ensure(Examples.shop("shop", 1));
        awaitReady("shop", 1);

        marathon.failOver(Duration.ofSeconds(4));

        await().untilAsserted(() ->
                assertThatExceptionOfType(EngineUnavailable.class).isThrownBy(() -> engine.tasks("shop")));
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(EngineUnavailable.class)
                .until(() -> engine.tasks("shop").size() == 1);
    }

    @Test
    void aTaskOnALostNodeIsUnhealthyAndComesBack() {
        engine.ensure(Examples.shop("shop", 1));
        awaitReady("shop", 1);
        Task task = engine.tasks("shop").getFirst();

        marathon.agentDown(task.host());

        await().until(() -> engine.tasks("shop").getFirst().state() == State.UNHEALTHY);
        assertThat(engine.tasks("shop").getFirst().message()).contains("node");
        marathon.agentUp(task.host());
        awaitReady("shop", 1);
        assertThat(engine.tasks("shop").getFirst().id()).isEqualTo(task.id());
    }

    @Test
    void appsOfOthersAreLeftAlone() throws IOException {
        foreign("/elsewhere/app", Map.of());
        foreign("/switchboard/unowned/theirs", Map.of());
        foreign("/switchboard/x", Map.of(Labels.PLATFORM, "another", Labels.WORKLOAD, "shop"));

        assertThat(engine.workloads()).isEmpty();
        engine.remove("theirs");
        engine.remove("shop");
        engine.stopTasks("shop", Set.of("anything"));
        Workload same = Examples.shop("theirs", 1);
        Workload unowned = new Workload(
                same.name(),
                same.image(),
                1,
                500,
                128,
                List.of(),
                Map.of(),
                new Workload.Health.Running(),
                Duration.ofSeconds(1));
        assertThat(engine.ensure(unowned))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.INVALID));

        assertThat(marathon.apps()).containsExactly("/elsewhere/app", "/switchboard/unowned/theirs", "/switchboard/x");
    }

    @Test
    void appsOfAnEarlierLifeAreAdopted() {
        engine.ensure(Examples.shop("shop", 2));
        awaitReady("shop", 2);
        List<Task> before = engine.tasks("shop");

        reopen(List.of(url));

        assertThat(engine.workloads()).containsExactly("shop");
        assertThat(engine.tasks("shop")).isEqualTo(before);
        assertThat(engine.ensure(Examples.shop("shop", 2))).isEqualTo(new Accepted());
        engine.remove("shop");
        await().until(() -> engine.workloads().isEmpty());
    }

    @Test
    void anotherNumberEndsTheBackOff() {
        engine.ensure(Examples.shop("shop", 1));
        awaitReady("shop", 1);
        for (int n = 0; n < 5; n++) {
            int restarts = n;
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> ready("shop").stream().anyMatch(task -> task.restarts() == restarts));
            marathon.exit(ready("shop").getFirst().id(), 1);
        }
        await().until(() -> ready("shop").isEmpty());

        engine.ensure(Examples.shop("shop", 2));

        await().atMost(Duration.ofSeconds(60)).until(() -> ready("shop").size() == 2);
        assertThat(marathon.calls()).anyMatch(call -> call.startsWith("DELETE /v2/queue/"));
    }

    private void foreign(String id, Map<String, String> labels) throws IOException {
        String json = labels.entrySet().stream()
                .map(label -> "\"" + label.getKey() + "\":\"" + label.getValue() + "\"")
                .reduce((one, other) -> one + "," + other)
                .orElse("");
        String body = "{\"id\":\"" + id + "\",\"cmd\":\"sleep 1\",\"labels\":{" + json + "}}";
        assertThat(marathon.call("POST", "/v2/apps", Map.of(), body).status()).isEqualTo(201);
    }

    private void reopen(List<URI> urls) {
        engine.close();
        engine = open(urls);
    }

    /** The engine looks at everything once when it starts. */
    private void awaitQuiet() {
        await().until(() -> engine.workloads().isEmpty() && marathon.subscribers() == 1);
    }

    private void awaitReady(String workload, int tasks) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> ready(workload).size() == tasks
                        && engine.tasks(workload).size() == tasks);
    }

    private List<Task> ready(String workload) {
        return engine.tasks(workload).stream()
                .filter(task -> task.state() == State.READY)
                .toList();
    }

    private interface Numbered {
        Object call(int number);
    }

    private static void inParallel(int count, Numbered action) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Object>> calls = IntStream.range(0, count)
                    .<Callable<Object>>mapToObj(n -> () -> action.call(n))
                    .toList();
            for (var result : threads.invokeAll(calls)) {
                result.get();
            }
        }
    }
}
