package io.switchboard.scheduling.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.scheduling.ConsumptionModel;
import io.switchboard.contracts.scheduling.ConsumptionModel.Linear;
import io.switchboard.contracts.scheduling.Resources;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CapacityPlannerTests {

    private static final ConsumptionModel ACD =
            new ConsumptionModel(new Linear(200, 6.1), new Linear(256, 1.5), 120, 20, "measured");

    @Test
    void thePlanCarriesThePeakWithOneTaskLost() {
        var plan = planned(CapacityPlanner.plan(new LoadProfile(120, 3000, 180), ACD, new PlanLimits(1, 10, 1)));

        // 150 erlangs + 2 × 12.25
        assertThat(plan.concurrentCalls()).isEqualTo(175);
        assertThat(plan.tasks()).isEqualTo(3);
        assertThat(plan.callsPerTask()).isEqualTo(88);
        // 1.2 × (200 + 6.1 × 88) = 884; 1.2 × (256 + 1.5 × 88) = 466
        assertThat(plan.perTask()).isEqualTo(new Resources(900, 480));
        assertThat(plan.explanation())
                .contains("175 calls at once = 150.0 erlangs (3000 calls an hour × 180 s) + 2 × √150.0 for peaks.")
                .contains("3 tasks (1 spare, at least 1, at most 10) carry up to 88 calls each, with one of them lost.")
                .contains("0.90 core = 0.20 fixed + 0.0061 × 88 calls + 20 % margin, rounded up to 0.05.");
    }

    @Test
    void noCallsStillTakeTheFixedPart() {
        var plan = planned(CapacityPlanner.plan(new LoadProfile(1, 0, 60), ACD, new PlanLimits(1, 1, 0)));

        assertThat(plan.tasks()).isEqualTo(1);
        assertThat(plan.perTask()).isEqualTo(new Resources(250, 320));
    }

    @Test
    void tinyModelsGetTheFloors() {
        var model = new ConsumptionModel(new Linear(0, 0), new Linear(0, 0), 10, 0, "guess");

        assertThat(planned(CapacityPlanner.plan(new LoadProfile(1, 10, 60), model, new PlanLimits(1, 5, 0)))
                        .perTask())
                .isEqualTo(new Resources(50, 64));
    }

    @Test
    void limitsThatContradictThemselvesAreRefused() {
        var outcome = CapacityPlanner.plan(new LoadProfile(1, 10, 60), ACD, new PlanLimits(2, 2, 1));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Planning.TooMuch.class,
                        refused -> assertThat(refused.reason())
                                .isEqualTo("The plan asks for at least 2 tasks and 1 spare but allows only 2 in all."));
    }

    @Test
    void theLoadThatARefusalNamesIsTheLargestThatFits() {
        var random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            var limits = new PlanLimits(1 + random.nextInt(3), 4 + random.nextInt(5), random.nextInt(2));
            var load = new LoadProfile(10, 50_000 + random.nextInt(1_000_000), 30 + random.nextInt(900));
            if (CapacityPlanner.plan(load, ACD, limits) instanceof Planning.TooMuch refused) {
                int nearest = nearest(refused.reason());
                assertThat(CapacityPlanner.plan(with(load, nearest), ACD, limits))
                        .isInstanceOf(Planning.Planned.class);
                // The last call of the hour may round either way.
                assertThat(CapacityPlanner.plan(with(load, nearest + 2), ACD, limits))
                        .isInstanceOf(Planning.TooMuch.class);
            }
        }
    }

    private static int nearest(String reason) {
        var figure = Pattern.compile("enough for ([0-9]+) calls? an hour").matcher(reason);
        assertThat(figure.find()).as(reason).isTrue();
        return Integer.parseInt(figure.group(1));
    }

    @Test
    void everyPlanKeepsTheLimitsAndCarriesTheLoad() {
        var random = new Random(42);
        for (int i = 0; i < 5_000; i++) {
            var model = model(random);
            var limits = new PlanLimits(1 + random.nextInt(4), 6 + random.nextInt(60), random.nextInt(3));
            var load = new LoadProfile(10, random.nextInt(200_000), 1 + random.nextInt(1_200));
            if (CapacityPlanner.plan(load, model, limits) instanceof Planning.Planned(CapacityPlan plan)) {
                assertThat(plan.tasks()).isBetween(limits.minTasks() + limits.spareTasks(), limits.maxTasks());
                assertThat(plan.callsPerTask()).isLessThanOrEqualTo(model.maxCallsPerTask());
                int left = limits.spareTasks() > 0 ? plan.tasks() - 1 : plan.tasks();
                assertThat(plan.callsPerTask() * left).isGreaterThanOrEqualTo(plan.concurrentCalls());
                assertThat((double) plan.perTask().cpuMillis())
                        .isGreaterThanOrEqualTo(model.cpu().fixed());
                assertThat((double) plan.perTask().memoryMib())
                        .isGreaterThanOrEqualTo(model.memory().at(plan.callsPerTask()));
            }
        }
    }

    @Test
    void moreLoadNeverGetsLess() {
        var random = new Random(11);
        for (int i = 0; i < 5_000; i++) {
            var model = model(random);
            var limits = new PlanLimits(1 + random.nextInt(4), 20_000_000, random.nextInt(3));
            var load = new LoadProfile(10, random.nextInt(100_000), 1 + random.nextInt(1_200));
            var more = with(load, load.callsPerHour() + random.nextInt(10_000));

            var plan = planned(CapacityPlanner.plan(load, model, limits));
            var larger = planned(CapacityPlanner.plan(more, model, limits));

            assertThat(larger.concurrentCalls()).isGreaterThanOrEqualTo(plan.concurrentCalls());
            assertThat(larger.tasks()).isGreaterThanOrEqualTo(plan.tasks());
            if (larger.tasks() == plan.tasks()) {
                assertThat(larger.perTask().cpuMillis())
                        .isGreaterThanOrEqualTo(plan.perTask().cpuMillis());
            }
        }
    }

    private static ConsumptionModel model(Random random) {
        return new ConsumptionModel(
                new Linear(random.nextInt(500), random.nextDouble() * 20),
                new Linear(random.nextInt(1_000), random.nextDouble() * 10),
                1 + random.nextInt(300),
                random.nextInt(60),
                "random");
    }

    private static LoadProfile with(LoadProfile load, int callsPerHour) {
        return new LoadProfile(load.agents(), callsPerHour, load.averageHandlingSeconds());
    }

    private static CapacityPlan planned(Planning outcome) {
        assertThat(outcome).isInstanceOf(Planning.Planned.class);
        return ((Planning.Planned) outcome).plan();
    }
}
