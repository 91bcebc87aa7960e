package io.switchboard.capacity.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.Load;
import io.switchboard.capacity.model.ModelStore;
import io.switchboard.capacity.model.Resource;
import io.switchboard.capacity.plan.Planning.Planned;
import io.switchboard.capacity.plan.Planning.Refused;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CapacityPlannerTests {

    private static final ModelStore STORE = ModelStore.shipped();
    private static final Kind RELAY = new Kind("voice-rtp", "G.711 relay");

    private final CapacityPlanner relay = CapacityPlanner.of(RELAY, STORE);

    @Test
    void everyServiceCanBePlanned() {
        for (var kind : STORE.models().keySet()) {
            var plan = planned(CapacityPlanner.of(kind, STORE), 40, Terms.USUAL);

            assertThat(plan.tasks()).as("%s", kind).isGreaterThanOrEqualTo(2);
            assertThat(plan.explanation()).contains("core = ").contains("MiB = ");
        }
    }

    @Test
    void withOneTaskLostTheRestCarryTheLoadWithinBoundAndRange() {
        var models = STORE.find(RELAY).orElseThrow();
        var cpu = Objects.requireNonNull(models.get(Resource.CPU));
        var random = new SplittableRandom(1);
        for (int trial = 0; trial < 200; trial++) {
            double calls = random.nextDouble(1, 5_000);
            var plan = planned(relay, calls, Terms.USUAL);

            double each = calls / (plan.tasks() - 1);
            assertThat(each).isLessThanOrEqualTo(cpu.measured(Driver.CALLS) + 1e-6);
            assertThat(plan.size().cpuMillis() / 1000.0)
                    .isGreaterThanOrEqualTo(cpu.reservation(Load.calls(each, each / 180)))
                    .isGreaterThanOrEqualTo(cpu.mean(Load.calls(each, each / 180)) / 0.65);
        }
    }

    @Test
    void noOtherNumberOfTasksIsCheaper() {
        var plan = planned(relay, 1_000, Terms.USUAL);

        for (int tasks = plan.tasks(); tasks < plan.tasks() + 20; tasks++) {
            var other = planned(relay, 1_000, new Terms(1, tasks, 1_000, Optional.empty(), Terms.Prices.USUAL));
            assertThat(other.cost()).isGreaterThanOrEqualTo(plan.cost());
        }
    }

    @Test
    void moreLoadNeverCostsLess() {
        double before = 0;
        for (int calls = 0; calls < 3_000; calls += 50) {
            double cost = planned(relay, calls, Terms.USUAL).cost();
            assertThat(cost).isGreaterThanOrEqualTo(before * 0.9);
            before = cost;
        }
    }

    @Test
    void aPlanFitsTheNodesItIsGiven() {
        var nodes = Collections.nCopies(4, new Node("small", 500, 256));
        var plan = planned(relay, 600, new Terms(1, 1, 100, Optional.of(nodes), Terms.Prices.USUAL));

        long held = nodes.stream().mapToLong(node -> node.holds(plan.size())).sum();
        assertThat(held).isGreaterThanOrEqualTo(plan.tasks());
    }

    @Test
    void whatDoesNotFitIsRefusedWithTheNearestThatDoes() {
        var terms = new Terms(
                1, 1, 100, Optional.of(Collections.nCopies(2, new Node("small", 500, 256))), Terms.Prices.USUAL);

        var refused = (Refused) relay.plan(Load.calls(5_000, 20), terms);

        assertThat(refused.reason()).contains("5000 calls").contains("2 nodes");
        var nearest = refused.nearest().orElseThrow();
        double share = nearest.load().values().getOrDefault(Driver.CALLS, 0.0) / 5_000;
        assertThat(relay.plan(nearest.load(), terms)).isInstanceOf(Planned.class);
        assertThat(relay.plan(Load.calls(5_000, 20).times(share + 0.011), terms))
                .isInstanceOf(Refused.class);
    }

    @Test
    void tooFewTasksAllowedIsSaidInTasks() {
        var refused =
                (Refused) relay.plan(Load.calls(5_000, 20), new Terms(1, 1, 5, Optional.empty(), Terms.Prices.USUAL));

        assertThat(refused.reason()).contains("only 5 are allowed");
        assertThat(refused.nearest()).isPresent();
    }

    @Test
    void anElasticPlanFollowsItsDay() {
        var peak = planned(relay, 1_200, Terms.USUAL);

        var tasks = relay.elastic(
                peak,
                List.of(Optional.of(Load.calls(1_200, 6)), Optional.of(Load.calls(300, 2)), Optional.empty()),
                Terms.USUAL);

        assertThat(tasks.getFirst()).isEqualTo(peak.tasks());
        assertThat(tasks.get(1)).isBetween(2, peak.tasks() - 1);
        assertThat(tasks.get(2)).isEqualTo(2);
    }

    @Test
    void anUnknownServiceIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CapacityPlanner.of(new Kind("fax", "all"), STORE))
                .withMessageContaining("fax");
    }

    private static Planned planned(CapacityPlanner planner, double calls, Terms terms) {
        return (Planned) planner.plan(Load.calls(calls, calls / 180), terms);
    }
}
