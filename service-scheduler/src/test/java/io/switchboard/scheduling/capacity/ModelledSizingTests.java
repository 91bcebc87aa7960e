package io.switchboard.scheduling.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.capacity.plan.Node;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.Consumption;
import io.switchboard.contracts.scheduling.Consumption.Base;
import io.switchboard.contracts.scheduling.Consumption.Work;
import io.switchboard.scheduling.capacity.Sizing.Impossible;
import io.switchboard.scheduling.capacity.Sizing.MoreThanTheNodes;
import io.switchboard.scheduling.capacity.Sizing.MoreThanThePlan;
import io.switchboard.scheduling.capacity.Sizing.Sized;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ModelledSizingTests {

    private static final Consumption ACD =
            new Consumption(List.of(new Work("acd", "queue+bridge", 1)), Optional.of(new Base(360, 432)), 146, "test");

    private final OrderSizing sizing = Sizings.onAnyNodes();

    @Test
    void anOrderIsSizedAndExplainedFromItsCallsToItsModels() {
        var plan = (Sized) sizing.size(order(ACD, new LoadProfile(60, 3_000, 240), 2, 10, 1), "acme");

        assertThat(plan.tasks()).isEqualTo(3);
        assertThat(plan.perTask().cpuMillis()).isBetween(400, 600);
        assertThat(plan.perTask().memoryMib()).isBetween(448, 512);
        assertThat(plan.explanation())
                .contains("calls at once = 200.0 erlangs (3000 calls an hour × 240 s)")
                .contains("3 tasks of acd (queue+bridge): 2 carry ")
                .contains("and 1 may be lost.")
                .contains("0.360 base")
                .contains("Model of acd (queue+bridge): shipped, from one-second measurements")
                .doesNotContain("\n");
    }

    @Test
    void moreCallsAreMoreTasks() {
        int before = 0;
        for (int calls = 0; calls <= 60_000; calls += 2_000) {
            var plan = (Sized) sizing.size(order(ACD, new LoadProfile(40, calls, 240), 1, 60, 1), "acme");
            assertThat(plan.tasks()).isGreaterThanOrEqualTo(before);
            before = plan.tasks();
        }
        assertThat(before).isGreaterThan(20);
    }

    @Test
    void whatThePlanCanNotCarryIsRefusedWithTheMostThatItCan() {
        var random = new SplittableRandom(7);
        for (int trial = 0; trial < 100; trial++) {
            int seconds = random.nextInt(30, 900);
            int most = random.nextInt(4, 9);
            var refused = (MoreThanThePlan)
                    sizing.size(order(ACD, new LoadProfile(40, 10_000_000 / seconds, seconds), 1, most, 1), "acme");

            var named = Pattern.compile("(\\d+) calls an hour of").matcher(refused.reason());
            assertThat(named.find()).as(refused.reason()).isTrue();
            int calls = Integer.parseInt(named.group(1));
            assertThat(sizing.size(order(ACD, new LoadProfile(40, calls, seconds), 1, most, 1), "acme"))
                    .isInstanceOf(Sized.class);
            assertThat(sizing.size(order(ACD, new LoadProfile(40, calls + 1, seconds), 1, most, 1), "acme"))
                    .isInstanceOf(MoreThanThePlan.class);
        }
    }

    @Test
    void whatNoNodeHoldsIsRefusedForTheNodes() {
        var small =
                new ModelledSizing(new ShippedModels(), () -> Optional.of(List.of(new Node("small", 1_000, 1_024, 4))));

        var refused = (MoreThanTheNodes) small.size(order(ACD, new LoadProfile(40, 9_000, 240), 1, 10, 1), "acme");

        assertThat(refused.reason())
                .contains("but the one node holds 2 of them.")
                .contains("calls an hour of 240 s each would do.");
    }

    @Test
    void limitsThatContradictThemselvesAreRefused() {
        assertThat(sizing.size(order(ACD, new LoadProfile(1, 10, 60), 2, 2, 1), "acme"))
                .isInstanceOfSatisfying(
                        MoreThanThePlan.class,
                        refused -> assertThat(refused.reason())
                                .contains("at least 2, 1 spare), but 2 may run.")
                                .contains("No part of this load would do."));
        assertThat(sizing.size(order(ACD, new LoadProfile(1, 10, 60), 1, 20, 11), "acme"))
                .isInstanceOf(Impossible.class);
    }

    @Test
    void workWithoutAModelIsImpossible() {
        var fax = new Consumption(List.of(new Work("fax", "T.38", 1)), Optional.empty(), 10, "test");

        assertThat(sizing.size(order(fax, new LoadProfile(1, 10, 60), 1, 2, 0), "acme"))
                .isEqualTo(new Impossible("There is no consumption model of fax (T.38)."));
    }

    /** Messages of versions that sent coefficients are on the queue when a new version starts. */
    @Test
    void anOrderOfAnEarlierVersionIsReadAndRefused() {
        var read = new JsonMapper()
                .readValue(
                        "{\"cpu\":{\"fixed\":1,\"perCall\":2},\"memory\":{\"fixed\":1,\"perCall\":2},"
                                + "\"maxCallsPerTask\":3,\"marginPercent\":20,\"source\":\"x\"}",
                        Consumption.class);

        assertThat(sizing.size(order(read, new LoadProfile(1, 10, 60), 1, 2, 0), "acme"))
                .isInstanceOf(Impossible.class);
    }

    private static OrderMessage.Service order(
            Consumption consumption, LoadProfile load, int minTasks, int maxTasks, int spareTasks) {
        return new OrderMessage.Service(
                "acd",
                "standard",
                minTasks,
                maxTasks,
                spareTasks,
                "platform/acd",
                List.of(),
                consumption,
                load,
                Map.of());
    }
}
