package io.switchboard.scheduling.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.scheduling.Orders;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** When other tasks may be wanted for the load, by the rules of interventions. */
class ScaleTests {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final UUID instance = UUID.randomUUID();
    private final InMemoryDeployments deployments = new InMemoryDeployments();

    private int tasks() {
        return deployments.get(instance).desired().tasks();
    }

    private void opened(int callsPerHour) {
        deployments.order(Orders.open(instance, callsPerHour), NOW);
    }

    private void isSteady() {
        var before = deployments.get(instance);
        deployments.save(
                before,
                before.tell(new DeploymentStatus.Steady(tasks(), "steady"), true, true, NOW)
                        .arrive());
    }

    @Test
    void whatWasDecidedFromSomethingElseThanIsDesiredIsNotDone() {
        opened(5_000);
        isSteady();
        var decidedFrom = deployments.get(instance).desired();
        deployments.order(Orders.extend(instance, 6_000), NOW);
        isSteady();
        int ordered = tasks();

        deployments.intervene(instance, new Intervention.Scale(decidedFrom, ordered - 1, "the load"), NOW);
        assertThat(tasks()).isEqualTo(ordered);

        deployments.scale(instance, ordered - 1, NOW);
        assertThat(tasks()).isEqualTo(ordered - 1);
    }

    @Test
    void moreDontWaitForARolloutButFewerDo() {
        opened(5_000);
        int ordered = tasks();

        deployments.scale(instance, ordered - 1, NOW);
        assertThat(tasks()).as("while it starts").isEqualTo(ordered);
        deployments.scale(instance, ordered + 1, NOW);
        assertThat(tasks()).as("while it starts").isEqualTo(ordered + 1);
        assertThat(deployments.get(instance).course().way().haste().unhurried())
                .as("whose rollout is still the order's")
                .isFalse();
    }

    @Test
    void aRolloutThatIsAbortedGoesBackToWhatTheLoadNeeds() {
        opened(5_000);
        isSteady();
        int ordered = tasks();
        deployments.order(Orders.restart(instance), NOW);
        deployments.scale(instance, ordered + 2, NOW);

        deployments.intervene(instance, new Intervention.Abort("the tenant"), NOW);

        assertThat(deployments.get(instance).desired().revision()).isEqualTo(1);
        assertThat(tasks()).isEqualTo(ordered + 2);
    }

    @Test
    void fewerAreWhatARolloutThatIsStuckMayHaveRoomFor() {
        opened(5_000);
        int ordered = tasks();
        var before = deployments.get(instance);
        deployments.save(before, before.tell(new DeploymentStatus.Stuck(0, ordered, "no room"), false, false, NOW));

        deployments.scale(instance, ordered - 1, NOW);

        assertThat(tasks()).isEqualTo(ordered - 1);
    }

    @Test
    void aPauseAndATrialAreWaitedFor() {
        opened(5_000);
        isSteady();
        int ordered = tasks();
        deployments.intervene(instance, new Intervention.Pause("an operator"), NOW);

        deployments.scale(instance, ordered + 1, NOW);
        assertThat(tasks()).isEqualTo(ordered);

        deployments.intervene(instance, new Intervention.Resume(), NOW);
        isSteady();
        deployments.order(Orders.upgrade(instance, "acd:2", 5_000), NOW);
        deployments.scale(instance, ordered + 1, NOW);
        assertThat(tasks()).isEqualTo(ordered);
    }

    @Test
    void anUpgradeThatFollowsUponFewerIsInTheUsualHurry() {
        opened(5_000);
        isSteady();
        deployments.scale(instance, tasks() - 1, NOW);
        assertThat(deployments.get(instance).course().way().haste().unhurried()).isTrue();

        deployments.order(Orders.restart(instance), NOW);

        assertThat(deployments.get(instance).course().way().haste().unhurried()).isFalse();
    }
}
