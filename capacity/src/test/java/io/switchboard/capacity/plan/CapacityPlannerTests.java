package io.switchboard.capacity.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.Load;
import io.switchboard.capacity.model.ModelStore;
import io.switchboard.capacity.model.Resource;
import io.switchboard.capacity.plan.Planning.Limit;
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
    private static final Terms TWO_TASKS = new Terms(1, 1, 2, Optional.empty(), Terms.Prices.USUAL);
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
    void noMoreTasksCarryThanThereAreCalls() {
        for (var kind : STORE.models().keySet()) {
            for (int calls = 1; calls <= 20; calls++) {
                assertThat(planned(CapacityPlanner.of(kind, STORE), calls, Terms.USUAL)
                                        .tasks()
                                - 1)
                        .as("%s, %d calls", kind, calls)
                        .isLessThanOrEqualTo(calls);
            }
        }
    }

    @Test
    void whatTheTermsAskForIsTold() {
        var terms = new Terms(2, 3, 100, Optional.empty(), Terms.Prices.USUAL);

        assertThat(planned(relay, 9, terms).explanation()).contains("and 2 may be lost; at least 3 have to carry.");
        assertThat(planned(relay, 9, Terms.USUAL).explanation()).doesNotContain("have to carry");
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
        double calls = nearest.load().values().getOrDefault(Driver.CALLS, 0.0);
        assertThat(refused.limit()).isEqualTo(Limit.NODES);
        assertThat(calls).isCloseTo(Math.rint(calls), within(1e-9));
        assertThat(relay.plan(nearest.load(), terms)).isInstanceOf(Planned.class);
        assertThat(relay.plan(Load.calls(calls + 1, (calls + 1) * 20 / 5_000), terms))
                .isInstanceOf(Refused.class);
    }

    @Test
    void theNearestPlanOfAnyRefusalWorksAndOneCallMoreDoesNot() {
        var random = new SplittableRandom(5);
        int refusals = 0;
        for (int trial = 0; trial < 300; trial++) {
            var node = new Node("n", random.nextInt(50, 2_000), random.nextInt(64, 2_048), random.nextInt(1, 4));
            var terms = new Terms(
                    random.nextInt(0, 3),
                    random.nextInt(1, 4),
                    random.nextInt(2, 120),
                    Optional.of(Collections.nCopies(random.nextInt(1, 6), node)),
                    Terms.Prices.USUAL);
            double calls = random.nextDouble(1, 20_000);
            var load = Load.calls(calls, calls / 180);
            if (relay.plan(load, terms) instanceof Refused refused
                    && refused.nearest().isPresent()) {
                refusals++;
                double most = Math.rint(calls(refused.nearest().get().load()));
                assertThat(relay.plan(load.times(most / calls), terms)).isInstanceOf(Planned.class);
                if (most + 1 < calls) {
                    assertThat(relay.plan(load.times((most + 1) / calls), terms))
                            .isInstanceOf(Refused.class);
                }
            }
        }
        assertThat(refusals).isGreaterThan(50);
    }

    @Test
    void theLimitThatIsInTheWayIsNamedAlsoWhereBothAre() {
        var small = Optional.of(List.of(new Node("only", 500, 256)));

        var both = (Refused) relay.plan(Load.calls(9_000, 50), new Terms(1, 1, 20, small, Terms.Prices.USUAL));
        var tasksOnly = (Refused) relay.plan(
                Load.calls(9_000, 50),
                new Terms(1, 1, 3, Optional.of(List.of(new Node("big", 64_000, 64_000))), Terms.Prices.USUAL));

        assertThat(both.limit()).isEqualTo(Limit.NODES);
        assertThat(both.reason()).contains("but 20 may run").contains("but the one node holds");
        assertThat(tasksOnly.limit()).isEqualTo(Limit.TASKS);
        assertThat(tasksOnly.reason()).contains("but 3 may run").doesNotContain("node");
    }

    @Test
    void smallNodesGetManySmallTasks() {
        var tiny = Optional.of(Collections.nCopies(400, new Node("tiny", 110, 70)));

        var plan = planned(relay, 2_000, new Terms(1, 1, 400, tiny, Terms.Prices.USUAL));

        assertThat(plan.tasks()).isGreaterThan(64);
        assertThat(plan.size()).isEqualTo(new TaskSize(100, 64));
    }

    @Test
    void cpuMayBePromisedTwiceButNoTaskGetsMoreThanANodeHas() {
        var size = new TaskSize(500, 64);

        assertThat(new Node("n", 1_000, 4_096).holds(size)).isEqualTo(2);
        assertThat(new Node("n", 1_000, 4_096, 4).holds(size)).isEqualTo(8);
        assertThat(new Node("n", 400, 4_096, 4).holds(size)).isZero();
        assertThat(new Node("n", 1_000, 128, 4).holds(size)).isEqualTo(2);
    }

    @Test
    void aTaskThatDoesTwoThingsGetsWhatBothNeed() {
        var video = part(new Kind("video", "1:1 VP8 400k"), 1);
        var transcoder = part(new Kind("voice-rtp", "G.711>Opus transcode"), 1);

        var first = sizeOf(video);
        var second = sizeOf(transcoder);
        var both = (Planned) new CapacityPlanner(new TaskWork(List.of(video, transcoder), 0, 0, 20))
                .plan(Load.calls(20, 0.1), TWO_TASKS);

        assertThat(both.size().cpuMillis())
                .isBetween(first.cpuMillis() + second.cpuMillis() - 50, first.cpuMillis() + second.cpuMillis());
        assertThat(both.size().memoryMib()).isGreaterThan(Math.max(first.memoryMib(), second.memoryMib()));
        assertThat(both.explanation())
                .contains(
                        "2 tasks of video (1:1 VP8 400k) + voice-rtp (G.711>Opus transcode): 1 carries 20 calls, and 1 may be lost.");
    }

    @Test
    void theBaseOfAnImageIsAddedAndSaid() {
        var plain = (Planned) new CapacityPlanner(new TaskWork(List.of(part(RELAY, 1)), 0, 0, 50))
                .plan(Load.calls(50, 1), Terms.USUAL);
        var based = (Planned) new CapacityPlanner(new TaskWork(List.of(part(RELAY, 1)), 300, 320, 50))
                .plan(Load.calls(50, 1), Terms.USUAL);

        assertThat(based.size().cpuMillis()).isEqualTo(plain.size().cpuMillis() + 300);
        assertThat(based.size().memoryMib()).isGreaterThanOrEqualTo(320);
        assertThat(based.explanation()).contains("0.300 base").contains("320 base");
    }

    @Test
    void noTaskGetsMoreCallsThanItsWorkAllows() {
        var plan = (Planned) new CapacityPlanner(new TaskWork(List.of(part(RELAY, 2)), 0, 0, 1_000))
                .plan(Load.calls(1_000, 5), Terms.USUAL);

        assertThat(2 * calls(plan.perTask()))
                .isLessThanOrEqualTo(part(RELAY, 1).cpu().measured(Driver.CALLS));
    }

    @Test
    void tooFewTasksAllowedIsSaidInTasks() {
        var refused =
                (Refused) relay.plan(Load.calls(5_000, 20), new Terms(1, 1, 5, Optional.empty(), Terms.Prices.USUAL));

        assertThat(refused.reason()).contains("but 5 may run");
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

    private static TaskSize sizeOf(Part part) {
        var plan = new CapacityPlanner(new TaskWork(List.of(part), 0, 0, 20)).plan(Load.calls(20, 0.1), TWO_TASKS);
        return ((Planned) plan).size();
    }

    private static Part part(Kind kind, double perCall) {
        return new Part(kind, STORE.find(kind).orElseThrow(), List.of(), perCall);
    }

    private static double calls(Load load) {
        return load.values().getOrDefault(Driver.CALLS, 0.0);
    }

    private static Planned planned(CapacityPlanner planner, double calls, Terms terms) {
        return (Planned) planner.plan(Load.calls(calls, calls / 180), terms);
    }
}
