package io.switchboard.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.contracts.scheduling.Canary;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.RolloutsApi;
import io.switchboard.contracts.scheduling.RolloutsApi.Phase;
import io.switchboard.contracts.scheduling.RolloutsApi.RollbackRequest;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.task.Quality;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.HttpClientErrorException;

/** A hand on rollouts, over HTTP: what it brings about, what is refused, and that another tenant has none. */
class RolloutsTests {

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
    void aPausedRolloutShowsItsPlanAndBeginsNothingUntilItIsResumed() {
        opened();
        var atOnce = api("acme").pause(instance, null);
        assertThat(atOnce.pause())
                .hasValueSatisfying(pause -> assertThat(pause.by()).isEqualTo("the tenant"));
        assertThat(atOnce.status())
                .isInstanceOf(DeploymentStatus.Steady.class)
                .extracting(DeploymentStatus::message)
                .asString()
                .contains("; paused by the tenant since ");
        var restart = Orders.restart(instance);
        scheduler.send(restart);
        await().until(() ->
                api("acme").rollout(instance, null).status().message().startsWith("Paused by the tenant"));

        var paused = api("operator").rollout(instance, null);
        assertThat(paused.plan())
                .extracting(Phase::what)
                .containsExactly(
                        "Have 2 tasks of revision 2: 0 ready",
                        "Stop the old tasks, each once its calls have ended or its time is up: 2 left");
        assertThat(paused.backTo()).hasValue(1L);
        assertThat(scheduler.tasks(instance, 2)).isEmpty();

        var resumed = api("operator").resume(instance, null);
        assertThat(resumed.pause()).isEmpty();
        assertThat(resumed.status().message()).isEqualTo("0 of 2 new tasks ready; it goes on.");
        assertThat(api("operator").resume(instance, null).pause()).isEmpty();
        scheduler.ready(instance, 2, 2);
        scheduler.awaitStatus(instance, restart.orderId(), DeploymentStatus.Steady.class);
        await().until(() -> !api("acme").rollout(instance, null).underWay());
        assertThat(api("acme").rollout(instance, null).plan()).isEmpty();
    }

    @Test
    void anAbortedRolloutGoesBackToTheTasksThatStillRun() {
        opened();
        var before = ids(1);
        var upgrade = Orders.upgrade(instance, "acd:2", 1000);
        scheduler.send(upgrade);
        await().until(() -> scheduler.tasks(instance, 2).size() == 1);

        var aborted = api("acme").abort(instance, null);

        assertThat(aborted.revision()).isEqualTo(1);
        assertThat(aborted.status())
                .isEqualTo(new DeploymentStatus.RolledBack(1, "Aborted by the tenant; back to revision 1."));
        scheduler.awaitStatus(instance, upgrade.orderId(), DeploymentStatus.RolledBack.class);
        await().until(() -> scheduler.tasks(instance, 2).isEmpty());
        await().until(() -> !api("acme").rollout(instance, null).underWay());
        assertThat(ids(1)).isEqualTo(before);
        refused("NOTHING_UNDER_WAY", () -> api("acme").abort(instance, null));
    }

    @Test
    void aTrialThatServesBadlyGoesBackByItself() {
        opened();
        scheduler.qualities.put(1L, new Quality(1000, 1, 10, 0, 0));
        scheduler.qualities.put(2L, new Quality(200, 40, 2, 0, 0));
        var upgrade = Orders.upgrade(instance, "acd:2", 1000);
        scheduler.send(upgrade);
        scheduler.ready(instance, 2, 1);

        scheduler.awaitStatus(instance, upgrade.orderId(), DeploymentStatus.RolledBack.class);
        assertThat(scheduler.statuses(instance))
                .anyMatch(
                        status -> status.message().contains("20.0 % of 200 requests failed, of the old tasks' 0.1 %"));
        await().until(() -> scheduler.tasks(instance, 2).isEmpty());
        assertThat(scheduler.tasks(instance, 1)).hasSize(2);
    }

    @Test
    void aTrialIsPromotedByHand() {
        opened();
        var upgrade = Orders.upgrade(instance, "acd:3", 1000);
        scheduler.send(upgrade);
        scheduler.ready(instance, 2, 1);
        await().until(() -> api("acme")
                .rollout(instance, null)
                .trial()
                .filter(trial -> trial.since().isPresent())
                .isPresent());
        assertThat(scheduler.tasks(instance, 1)).hasSize(2);
        await().until(() -> scheduler
                .statuses(instance)
                .anyMatch(status -> status.message().startsWith("On trial: revision 2 with 1 of 2 tasks")));
        refused("TRIAL_UNDER_WAY", () -> api("acme").restart(instance, ids(1).getFirst(), null));

        api("acme").promote(instance, null);

        scheduler.ready(instance, 2, 2);
        scheduler.awaitStatus(instance, upgrade.orderId(), DeploymentStatus.Steady.class);
        await().until(() -> scheduler.tasks(instance, 1).isEmpty());
        refused("NOTHING_UNDER_WAY", () -> api("acme").promote(instance, null));
    }

    @Test
    void aRevisionOfThePastRunsAgainAsANewOne() {
        opened();
        var upgrade = Orders.upgrade(instance, "acd:2", 1000);
        scheduler.send(upgrade);
        scheduler.ready(instance, 2, 1);
        await().until(() -> api("acme").rollout(instance, null).trial().isPresent());
        api("acme").promote(instance, null);
        scheduler.ready(instance, 2, 2);
        await().until(() -> !api("acme").rollout(instance, null).underWay());

        var back = api("acme").rollBack(instance, new RollbackRequest(1, null), null);

        assertThat(back.revision()).isEqualTo(3);
        assertThat(back.status())
                .isEqualTo(new DeploymentStatus.RolledBack(3, "Rolled back to what revision 1 ran, as revision 3."));
        assertThat(api("acme")
                        .rollBack(instance, new RollbackRequest(1, null), null)
                        .revision())
                .isEqualTo(3);
        scheduler.ready(instance, 3, 2);
        await().until(() -> !api("acme").rollout(instance, null).underWay());
        assertThat(api("acme").revisions(instance, null))
                .extracting(RolloutsApi.RevisionView::image)
                .containsExactly("acd", "acd:2", "acd");
        assertThat(api("acme").revisions(instance, null))
                .filteredOn(one -> one.retiredAt().isEmpty())
                .extracting(RolloutsApi.RevisionView::number)
                .containsExactly(3L);
        refused("UNKNOWN_REVISION", () -> api("acme").rollBack(instance, new RollbackRequest(9, null), null));
        refused(
                "INVALID_REQUEST",
                () -> api("acme").rollBack(instance, new RollbackRequest(2, new Canary(0, 1)), null));
    }

    @Test
    void oneTaskIsReplacedByAFreshOneAndTheOthersStay() {
        opened();
        var before = ids(1);

        api("acme").restart(instance, before.getFirst(), null);

        await().until(() -> scheduler.tasks(instance, 1).size() == 3);
        api("acme").restart(instance, before.getFirst(), null);
        scheduler.tasks(instance, 1).forEach(task -> scheduler.engine.ready(task.id()));
        await().until(() -> scheduler.tasks(instance, 1).size() == 2);
        assertThat(ids(1)).contains(before.getLast()).doesNotContain(before.getFirst());
        await().until(() -> !api("acme").rollout(instance, null).underWay());
        assertThat(ids(1)).hasSize(2);
    }

    @Test
    void aForcedRolloutCutsTheCallsThatAreLeftAndSaysHowMany() {
        opened();
        ids(1).forEach(id -> scheduler.activeCalls.put(id, 3));
        var restart = Orders.restart(instance);
        scheduler.send(restart);
        scheduler.ready(instance, 2, 2);
        await().until(() ->
                api("acme").rollout(instance, null).status().message().contains("finish their calls"));
        assertThat(scheduler.tasks(instance, 1)).hasSize(2);

        api("operator").force(instance, null);

        scheduler.awaitStatus(instance, restart.orderId(), DeploymentStatus.Steady.class);
        assertThat(scheduler.tasks(instance, 1)).isEmpty();
        assertThat(api("acme").rollout(instance, null).cutCalls()).isEqualTo(6);
    }

    @Test
    void anInstanceStartsAfterTheOneItDependsOn() {
        var acd = UUID.randomUUID();
        scheduler.send(Orders.open(acd, 1000));
        await().until(() -> scheduler.tasks(acd, 1).size() == 2);
        var open = Orders.openAfter(acd, instance, 1000);
        scheduler.send(open);
        await().until(() -> scheduler
                .statuses(instance)
                .anyMatch(status -> status.message().startsWith("Waits for instance 'line-")));
        assertThat(scheduler.tasks(instance, 1)).isEmpty();

        scheduler.ready(acd, 1, 2);

        scheduler.ready(instance, 1, 2);
        scheduler.awaitStatus(instance, open.orderId(), DeploymentStatus.Steady.class);
    }

    @Test
    void theHistoryTellsWhichTaskWentAndWhatWasWantedByHand() {
        opened();
        var crashed = ids(1).getFirst();
        scheduler.engine.crash(crashed, "exited with code 137");
        await().until(() -> scheduler.tasks(instance, 1).stream()
                .noneMatch(task -> task.id().equals(crashed)));
        scheduler.tasks(instance, 1).forEach(task -> scheduler.engine.ready(task.id()));
        await().until(() -> history().stream().anyMatch(line -> line.contains(crashed)));
        api("acme").restart(instance, ids(1).getFirst(), null);
        await().until(() -> scheduler.tasks(instance, 1).size() == 3);
        scheduler.tasks(instance, 1).forEach(task -> scheduler.engine.ready(task.id()));
        await().until(() -> history().stream().anyMatch(line -> line.startsWith("Stopped")));
        api("operator").pause(instance, null);

        assertThat(history().getFirst()).isEqualTo("An operator wants: pause.");
        assertThat(history())
                .anyMatch(line ->
                        line.matches("Ended without being told to: task .*; its successor: exited with code 137\\."))
                .anyMatch(line -> line.matches("No new calls for task .*: 2 of revision 1 are wanted.*"))
                .anyMatch(line -> line.matches("Stopped task .*: no calls are left\\."));
        assertThat(api("acme").history(instance, 1, null)).hasSize(1);
        assertThatExceptionOfType(HttpClientErrorException.BadRequest.class)
                .isThrownBy(() -> api("acme").history(instance, 0, null));
        assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
                .isThrownBy(() -> api("globex").history(instance, null, null));
    }

    private List<String> history() {
        return api("acme").history(instance, null, null).stream()
                .map(RolloutsApi.HistoryEntry::what)
                .toList();
    }

    @Test
    void anotherTenantHasNoHandOnIt() {
        opened();
        var task = ids(1).getFirst();

        for (var call : List.<Runnable>of(
                () -> api("globex").rollout(instance, null),
                () -> api("globex").pause(instance, null),
                () -> api("globex").resume(instance, null),
                () -> api("globex").abort(instance, null),
                () -> api("globex").promote(instance, null),
                () -> api("globex").force(instance, null),
                () -> api("globex").rollBack(instance, new RollbackRequest(1, null), null),
                () -> api("globex").restart(instance, task, null),
                () -> api("globex").revisions(instance, null))) {
            assertThatExceptionOfType(HttpClientErrorException.NotFound.class).isThrownBy(call::run);
        }
        assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
                .isThrownBy(() -> api("acme").restart(instance, "no-task", null));
    }

    @Test
    void whatHasNothingToDoIsRefused() {
        opened();

        refused("NOTHING_UNDER_WAY", () -> api("acme").force(instance, null));
        scheduler.send(Orders.delete(instance));
        await().until(() -> scheduler.tasks(instance, 1).isEmpty());
        refused("NOT_RUNNING", () -> api("acme").pause(instance, null));
    }

    private void opened() {
        scheduler.qualities.clear();
        scheduler.opened(instance, 1000, 2);
        await().until(() -> !api("acme").rollout(instance, null).underWay());
    }

    private List<String> ids(long revision) {
        return scheduler.tasks(instance, revision).stream().map(Task::id).toList();
    }

    private static void refused(String code, Runnable call) {
        assertThatExceptionOfType(HttpClientErrorException.class)
                .isThrownBy(call::run)
                .satisfies(
                        refusal -> assertThat(refusal.getResponseBodyAsString()).contains(code, "remedy"));
    }

    private static RolloutsApi api(String holder) {
        return scheduler.api(RolloutsApi.class, holder);
    }
}
