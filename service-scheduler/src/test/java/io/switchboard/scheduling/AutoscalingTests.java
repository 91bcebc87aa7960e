package io.switchboard.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.contracts.scheduling.AutoscalingApi;
import io.switchboard.contracts.scheduling.AutoscalingApi.AutoscalingRequest;
import io.switchboard.contracts.scheduling.AutoscalingApi.AutoscalingView;
import io.switchboard.contracts.scheduling.AutoscalingApi.Mode;
import io.switchboard.contracts.scheduling.RolloutsApi;
import io.switchboard.contracts.scheduling.SchedulerApi;
import io.switchboard.engine.Task;
import io.switchboard.engine.Usage;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.web.client.HttpClientErrorException;

class AutoscalingTests {

    private static final int CALLS_PER_HOUR = 5_000;
    private static final int ORDERED = 5;

    private static RunningScheduler scheduler;

    private final UUID instance = UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        scheduler = new RunningScheduler();
        scheduler.callsAreTold = true;
    }

    @AfterAll
    static void stop() throws Exception {
        scheduler.close();
    }

    @AfterEach
    void delete() {
        scheduler.activeCalls.clear();
        scheduler.send(Orders.delete(instance));
    }

    private static AutoscalingApi api(String holder) {
        return scheduler.api(AutoscalingApi.class, holder);
    }

    private AutoscalingView autoscale(Mode mode) {
        return api("acme").autoscale(instance, request(mode, null, null), null);
    }

    private static AutoscalingRequest request(Mode mode, @Nullable Integer least, @Nullable Integer most) {
        return new AutoscalingRequest(mode, least, most, null, null);
    }

    private void opened() {
        scheduler.opened(instance, CALLS_PER_HOUR, ORDERED);
        use(10);
    }

    private void use(int cpuMillis) {
        tasks().forEach(task -> scheduler.engine.measure(task.id(), new Usage(cpuMillis, 100, Instant.now())));
    }

    private List<Task> tasks() {
        return scheduler.tasks(instance, 1);
    }

    @Test
    void nothingIsLookedAtUnlessItIsWanted() {
        opened();

        var view = api("acme").autoscaling(instance, null);

        assertThat(view.mode()).isEqualTo(Mode.OFF);
        assertThat(view.tasks()).isEqualTo(ORDERED);
        assertThat(view.orderedTasks()).isEqualTo(ORDERED);
        assertThat(view.most()).isEqualTo(ORDERED);
        assertThat(view.last()).isEmpty();
    }

    @Test
    void aRecommendationIsRecordedOnceAndNothingElseIsDone() throws InterruptedException {
        opened();

        autoscale(Mode.RECOMMEND);

        await().until(() -> !api("acme").decisions(instance, null, null).isEmpty());
        Thread.sleep(500);
        assertThat(api("acme").decisions(instance, null, null)).singleElement().satisfies(decision -> {
            assertThat(decision.mode()).isEqualTo(Mode.RECOMMEND);
            assertThat(decision.tasksBefore()).isEqualTo(ORDERED);
            assertThat(decision.tasks()).isLessThan(ORDERED);
            assertThat(decision.reason()).startsWith("0 calls in progress, ").contains("instead of " + ORDERED);
        });
        assertThat(tasks()).hasSize(ORDERED);
        assertThat(api("operator").autoscaling(instance, null).last())
                .hasValueSatisfying(look -> assertThat(look.calls()).hasValue(0.0));
    }

    @Test
    void tasksGoWithTheLoadAfterTheirCallsAndComeBackWithIt() {
        opened();
        scheduler.activeCalls.put(tasks().getFirst().id(), 1);
        int fewest = autoscale(Mode.ACT).fewest();

        await().until(() -> tasks().size() == fewest);
        assertThat(tasks())
                .as("the task with the call stays")
                .anyMatch(task -> scheduler.activeCalls.containsKey(task.id()));
        await().until(() -> api("acme").autoscaling(instance, null).tasks() == fewest);
        assertThat(scheduler.api(RolloutsApi.class, "acme").history(instance, null, null))
                .anySatisfy(
                        entry -> assertThat(entry.what()).isEqualTo("Autoscaling wants: %d tasks.".formatted(fewest)));

        scheduler.activeCalls.put(tasks().getFirst().id(), 1_000_000);
        await().until(() -> tasks().size() == ORDERED);
        scheduler.ready(instance, 1, ORDERED);
        assertThat(api("acme").decisions(instance, null, null).getFirst().reason())
                .contains("1000000 calls in progress")
                .endsWith("at most %1$d are allowed, so %1$d instead of %2$d.".formatted(ORDERED, fewest));
    }

    @Test
    void tasksThatAreHotAreRelievedWhateverTheyCarry() {
        opened();
        int fewest = autoscale(Mode.ACT).fewest();
        await().until(() -> tasks().size() == fewest);

        use(100_000);

        await().until(() -> api("acme").autoscaling(instance, null).tasks() == ORDERED);
        assertThat(api("acme").decisions(instance, null, null).getFirst().reason())
                .contains("0 calls in progress")
                .contains("their CPU is ");
    }

    @Test
    void aPauseIsSaidAndLoadIsWatchedMeanwhile() {
        opened();
        scheduler.api(RolloutsApi.class, "acme").pause(instance, null);

        autoscale(Mode.ACT);

        await().untilAsserted(() -> assertThat(
                        api("acme").autoscaling(instance, null).last())
                .hasValueSatisfying(look -> {
                    assertThat(look.reason()).startsWith("Left alone: paused by ");
                    assertThat(look.calls()).hasValue(0.0);
                }));
        assertThat(api("acme").decisions(instance, null, null)).isEmpty();
        assertThat(api("acme").autoscaling(instance, null).tasks()).isEqualTo(ORDERED);
    }

    @Test
    void noneGoesWhileWhatTheyUseIsNotKnown() {
        scheduler.opened(instance, CALLS_PER_HOUR, ORDERED);

        autoscale(Mode.ACT);

        await().untilAsserted(
                        () -> assertThat(api("acme").autoscaling(instance, null).last())
                                .hasValueSatisfying(look -> assertThat(look.reason())
                                        .contains("none goes until it is known how much CPU they use")));
        assertThat(api("acme").decisions(instance, null, null)).isEmpty();
    }

    @Test
    void aCallIsWaitedForAndNothingElseWaitsForIt() {
        opened();
        tasks().forEach(task -> scheduler.activeCalls.put(task.id(), 1));
        int fewest = autoscale(Mode.ACT).fewest();

        await().until(() -> api("acme").autoscaling(instance, null).tasks() == fewest);
        await().until(() -> !scheduler
                .api(RolloutsApi.class, "acme")
                .rollout(instance, null)
                .underWay());
        assertThat(tasks()).as("those that finish their calls included").hasSize(ORDERED);
        assertThat(scheduler
                        .api(RolloutsApi.class, "acme")
                        .rollout(instance, null)
                        .draining())
                .hasSize(ORDERED - fewest)
                .allSatisfy(task -> assertThat(task.calls()).hasValue(1));
        assertThat(scheduler
                        .api(SchedulerApi.class, "acme")
                        .deployment(instance, null)
                        .explanation())
                .endsWith("%d tasks at the moment, after the load, instead of %d.".formatted(fewest, ORDERED));
        assertThat(api("acme").autoscaling(instance, null).last())
                .hasValueSatisfying(look -> assertThat(look.calls()).hasValue((double) ORDERED));

        scheduler.api(RolloutsApi.class, "acme").force(instance, null);
        await().until(() -> tasks().size() == fewest);
    }

    @Test
    void whoseTasksDontTellTheirCallsIsLeftAlone() {
        opened();
        scheduler.callsAreTold = false;
        try {
            autoscale(Mode.ACT);

            await().until(() -> api("acme").autoscaling(instance, null).last().isPresent());
            assertThat(api("acme").autoscaling(instance, null).last())
                    .hasValueSatisfying(look ->
                            assertThat(look.reason()).isEqualTo("Not every task tells how many calls it carries."));
            assertThat(api("acme").decisions(instance, null, null)).isEmpty();
        } finally {
            scheduler.callsAreTold = true;
        }
    }

    @Test
    void whoWantedWhatIsNoted() {
        opened();

        api("operator")
                .autoscale(
                        instance,
                        new AutoscalingRequest(Mode.RECOMMEND, 2, 4, Collections.nCopies(336, 1.0), "Asia/Shanghai"),
                        null);
        var off = new AutoscalingRequest(Mode.OFF, 2, 4, List.of(), null);
        api("acme").autoscale(instance, off, null);
        var none = api("acme").autoscale(instance, off, null);

        assertThat(none.shape()).isEmpty();
        assertThat(scheduler.api(RolloutsApi.class, "acme").history(instance, 2, null))
                .extracting(RolloutsApi.HistoryEntry::what)
                .containsExactly(
                        "The tenant wants: no autoscaling.",
                        "An operator wants: autoscaling that recommends, at least 2 tasks, at most 4 tasks,"
                                + " load spread over a week in Asia/Shanghai.");
    }

    @Test
    void limitsOfItsOwnHold() throws InterruptedException {
        opened();

        var view = api("acme").autoscale(instance, request(Mode.ACT, ORDERED - 1, ORDERED), null);

        assertThat(view.minTasks()).hasValue(ORDERED - 1);
        assertThat(view.fewest()).isEqualTo(ORDERED - 1);
        await().until(() -> tasks().size() == ORDERED - 1);
        Thread.sleep(700);
        assertThat(tasks()).hasSize(ORDERED - 1);
    }

    @Test
    void itGoesOnAfterARestartOfTheScheduler() {
        opened();
        int fewest = autoscale(Mode.ACT).fewest();

        scheduler.restart();

        await().until(() -> tasks().size() == fewest);
        assertThat(api("acme").autoscaling(instance, null).mode()).isEqualTo(Mode.ACT);
    }

    @Test
    void aForeignInstanceIsNotFound() {
        opened();

        assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
                .isThrownBy(() -> api("globex").autoscaling(instance, null));
        assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
                .isThrownBy(() -> api("globex").autoscale(instance, request(Mode.OFF, null, null), null));
        assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
                .isThrownBy(() -> api("globex").decisions(instance, null, null));
    }

    @ParameterizedTest
    @CsvSource({"1,, minTasks", "0,, minTasks", ",10000, maxTasks", ",10001, maxTasks", "5,4, maxTasks", "6,, minTasks"
    })
    void limitsBeyondThePlanAreRefused(@Nullable Integer least, @Nullable Integer most, String field) {
        opened();

        assertThatExceptionOfType(HttpClientErrorException.BadRequest.class)
                .isThrownBy(() -> api("acme").autoscale(instance, request(Mode.ACT, least, most), null))
                .satisfies(refused ->
                        assertThat(refused.getResponseBodyAsString()).contains("\"field\":\"" + field + "\""));
        assertThat(api("acme").autoscaling(instance, null).mode()).isEqualTo(Mode.OFF);
    }

    @Test
    void oneThatWasDeletedIsRefused() {
        opened();
        scheduler.send(Orders.delete(instance));
        await().untilAsserted(() -> assertThatExceptionOfType(HttpClientErrorException.Conflict.class)
                .isThrownBy(() -> autoscale(Mode.ACT)));
    }

    @Test
    void aShapeOrAZoneThatIsNoneIsRefused() {
        opened();
        var shape = new AutoscalingRequest(Mode.ACT, null, null, Collections.nCopies(47, 1.0), null);
        var zone = new AutoscalingRequest(Mode.ACT, null, null, null, "Mars/Olympus");

        assertThatExceptionOfType(HttpClientErrorException.BadRequest.class)
                .isThrownBy(() -> api("acme").autoscale(instance, shape, null))
                .withMessageContaining("48 or 336 half-hours");
        assertThatExceptionOfType(HttpClientErrorException.BadRequest.class)
                .isThrownBy(() -> api("acme").autoscale(instance, zone, null))
                .withMessageContaining("Europe/Berlin");
    }
}
