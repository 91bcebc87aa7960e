package io.switchboard.request.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.access.RouteEvent;
import io.switchboard.contracts.ordering.InstanceView.State;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderKind;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.DeploymentStatus.Planned;
import io.switchboard.contracts.scheduling.DeploymentStatus.Refused;
import io.switchboard.contracts.scheduling.DeploymentStatus.Removed;
import io.switchboard.contracts.scheduling.DeploymentStatus.RolledBack;
import io.switchboard.contracts.scheduling.DeploymentStatus.RollingOut;
import io.switchboard.contracts.scheduling.DeploymentStatus.Steady;
import io.switchboard.contracts.scheduling.DeploymentStatus.Stuck;
import io.switchboard.contracts.scheduling.PortSpec.Protocol;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.request.instance.Condition;
import io.switchboard.request.instance.Instance;
import io.switchboard.request.notification.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ProgressTests {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final UUID INSTANCE = new UUID(0, 1);
    private static final LoadProfile SMALL = new LoadProfile(10, 100, 180);
    private static final LoadProfile LARGE = new LoadProfile(100, 1000, 180);

    private static final Order OPEN = order(1, OrderKind.OPEN, SMALL);
    private static final Order EXTEND = order(2, OrderKind.EXTEND, LARGE);
    private static final Order RESTART = order(3, OrderKind.RESTART, SMALL);
    private static final Order DELETE = order(4, OrderKind.DELETE, SMALL);

    private long sequence;

    @Test
    void openIsCompleteWithTasksAndAddressInEitherOrder() {
        var tasksFirst = after(opening(OPEN), deployment(OPEN, steady()), routed(1));
        var addressFirst = after(opening(OPEN), routed(1), deployment(OPEN, steady()));

        assertThat(tasksFirst).satisfies(ProgressTests::runs);
        assertThat(addressFirst).satisfies(ProgressTests::runs);
        assertThat(steps(tasksFirst)).containsExactly("ROUTED");
        assertThat(steps(addressFirst)).containsExactly("STEADY");
    }

    private static void runs(Progress progress) {
        assertThat(progress.orders()).extracting(Order::state).containsExactly(OrderState.COMPLETED);
        assertThat(progress.orders().getFirst().endedAt()).isEqualTo(NOON);
        assertThat(progress.instance().condition().state()).isEqualTo(State.RUNNING);
        assertThat(progress.instance().condition().addresses()).hasSize(1);
    }

    @Test
    void openWaitsForBoth() {
        var steady = after(opening(OPEN), deployment(OPEN, steady()));
        var routed = after(opening(OPEN), routed(1));

        assertThat(steady.orders()).extracting(Order::state).containsExactly(OrderState.IN_PROGRESS);
        assertThat(steady.instance().condition().state()).isEqualTo(State.OPENING);
        assertThat(routed.orders()).extracting(Order::state).containsExactly(OrderState.IN_PROGRESS);
        assertThat(routed.instance().condition().state()).isEqualTo(State.OPENING);
    }

    @Test
    void anExtendTakesEffectOnTheLoadProfileOnceItIsComplete() {
        var rolling = after(running(EXTEND), deployment(EXTEND, new RollingOut(1, 2, "1 of 2")));
        var steady = after(rolling, deployment(EXTEND, steady()));

        assertThat(rolling.instance().loadProfile()).isEqualTo(SMALL);
        assertThat(rolling.instance().condition().state()).isEqualTo(State.CHANGING);
        assertThat(steady.instance().loadProfile()).isEqualTo(LARGE);
        assertThat(steady.instance().condition().state()).isEqualTo(State.RUNNING);
        assertThat(steady.orders()).extracting(Order::state).containsExactly(OrderState.COMPLETED);
    }

    @Test
    void aLaterOrderCompletesThoseBeforeItButNotThoseAfter() {
        var progress = after(running(EXTEND, RESTART, DELETE), deployment(RESTART, steady()));

        assertThat(progress.orders())
                .extracting(Order::state)
                .containsExactly(OrderState.COMPLETED, OrderState.COMPLETED, OrderState.ACCEPTED);
    }

    @Test
    void steadyForAnEarlierOrderSaysNothingOfALaterOne() {
        var progress = after(running(EXTEND, RESTART), deployment(EXTEND, steady()));

        assertThat(progress.orders())
                .extracting(Order::state)
                .containsExactly(OrderState.COMPLETED, OrderState.ACCEPTED);
    }

    @Test
    void whatIsRolledBackHasFailedWithAllThatWasOnItsWayWithIt() {
        var back =
                after(running(EXTEND, RESTART, DELETE), deployment(RESTART, new RolledBack(1, "Worse than before.")));

        assertThat(back.orders())
                .extracting(Order::state)
                .containsExactly(OrderState.FAILED, OrderState.FAILED, OrderState.ACCEPTED);
        assertThat(back.instance().loadProfile()).isEqualTo(SMALL);
        assertThat(back.instance().condition().state()).isEqualTo(State.CHANGING);
        assertThat(back.instance().condition().message()).isEqualTo("Worse than before.");
    }

    @Test
    void deleteIsCompleteWhenNeitherTasksNorRoutesAreLeft() {
        var start = deleting(EXTEND, DELETE);
        var tasksFirst = after(start, deployment(DELETE, new Removed("gone")), unrouted(9));
        var routesFirst = after(start, unrouted(9), deployment(DELETE, new Removed("gone")));

        for (var progress : List.of(tasksFirst, routesFirst)) {
            assertThat(progress.orders())
                    .extracting(Order::state)
                    .containsExactly(OrderState.FAILED, OrderState.COMPLETED);
            assertThat(progress.instance().condition())
                    .returns(State.DELETED, Condition::state)
                    .returns(false, Condition::living);
        }
    }

    @Test
    void nothingBringsADeletedInstanceBack() {
        var gone = after(deleting(DELETE), unrouted(9), deployment(DELETE, new Removed("gone")));

        var after = after(gone, deployment(DELETE, steady()), routed(10));

        assertThat(after.instance().condition())
                .returns(State.DELETED, Condition::state)
                .returns(false, Condition::living);
    }

    @Test
    void aRefusedOpenFreesTheNameAndEndsWhatWaitsForIt() {
        var refused = after(
                opening(OPEN, EXTEND, DELETE),
                deployment(OPEN, new Refused("NO_CAPACITY", "No node has room.", "Order less.")));

        assertThat(refused.orders())
                .extracting(Order::state)
                .containsExactly(OrderState.FAILED, OrderState.FAILED, OrderState.COMPLETED);
        assertThat(refused.changes().getFirst().message()).isEqualTo("No node has room. Order less.");
        assertThat(refused.instance().condition().living()).isFalse();
    }

    @Test
    void aRefusedExtendChangesNothingElse() {
        var start = running(EXTEND, RESTART);

        var refused = after(start, deployment(EXTEND, new Refused("NO_CAPACITY", "No room.", "Order less.")));

        assertThat(refused.orders()).extracting(Order::state).containsExactly(OrderState.FAILED, OrderState.ACCEPTED);
        assertThat(refused.instance().loadProfile()).isEqualTo(SMALL);
        assertThat(refused.instance().condition().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void beingStuckIsSeenAndPasses() {
        var stuck = after(running(EXTEND), deployment(EXTEND, new Stuck(1, 2, "no node has 2 cores free")));
        var on = after(stuck, deployment(EXTEND, new RollingOut(2, 2, "2 of 2")));

        assertThat(stuck.instance().condition().state()).isEqualTo(State.STUCK);
        assertThat(stuck.instance().condition().message()).isEqualTo("no node has 2 cores free");
        assertThat(stuck.orders()).extracting(Order::state).containsExactly(OrderState.IN_PROGRESS);
        assertThat(on.instance().condition().state()).isEqualTo(State.CHANGING);
    }

    @Test
    void whatIsOldOrRepeatedChangesNothing() {
        var planned = new News.OfDeployment(new DeploymentEvent(
                INSTANCE, OPEN.id(), "acme", 7, NOON, new Planned(2, new Resources(100, 128), "2 tasks")));
        var once = after(opening(OPEN), planned);

        assertThat(after(once, planned).changes()).isEmpty();
        assertThat(after(once, planned).instance()).isEqualTo(once.instance());
        var route = after(once, routed(5));
        assertThat(after(route, routed(5)).changes()).isEmpty();
        assertThat(after(route, unrouted(4)).instance()).isEqualTo(route.instance());
    }

    @Test
    void anInstanceTellsOfItselfWhereNoOrderDoes() {
        var progress = after(running(), deployment(OPEN, new RollingOut(1, 2, "A task is being replaced.")));

        assertThat(progress.changes()).singleElement().satisfies(change -> {
            assertThat(change.orderId()).isNull();
            assertThat(change.state()).isEqualTo("CHANGING");
            assertThat(change.message()).isEqualTo("A task is being replaced.");
        });
    }

    @Test
    void entriesAreNumberedWithoutGaps() {
        var progress = new Progress(opening(OPEN).instance(), List.of(OPEN), List.of());
        var sequences = new ArrayList<Integer>();
        for (var news : List.of(
                deployment(OPEN, new Planned(2, new Resources(100, 128), "2 tasks")),
                deployment(OPEN, new RollingOut(1, 2, "1 of 2")),
                deployment(OPEN, steady()),
                routed(3))) {
            progress = after(progress, news);
            progress.changes().forEach(change -> sequences.add(change.sequence()));
        }

        assertThat(sequences).containsExactly(2, 3, 4, 5);
    }

    private static Progress after(Progress start, News... news) {
        var progress = start;
        for (var each : news) {
            progress = Progress.of(progress.instance(), progress.orders(), each);
        }
        return progress;
    }

    private static List<String> steps(Progress progress) {
        return progress.changes().stream().map(Change::step).toList();
    }

    private News deployment(Order order, DeploymentStatus status) {
        return new News.OfDeployment(new DeploymentEvent(INSTANCE, order.id(), "acme", ++sequence, NOON, status));
    }

    private static News routed(long sequence) {
        return new News.OfRoute(new RouteEvent(
                INSTANCE,
                "acme",
                sequence,
                NOON,
                List.of(new Address("http", Protocol.HTTP, "http://desk.acme.test")),
                2,
                false));
    }

    private static News unrouted(long sequence) {
        return new News.OfRoute(new RouteEvent(INSTANCE, "acme", sequence, NOON, List.of(), 0, true));
    }

    private static Steady steady() {
        return new Steady(2, "2 of 2 tasks ready.");
    }

    private static Progress opening(Order... orders) {
        return new Progress(instance(Condition.ordered(NOON)), List.of(orders), List.of());
    }

    private static Progress running(Order... orders) {
        var condition = Condition.ordered(NOON)
                .afterRoute(1, List.of(new Address("http", Protocol.HTTP, "http://desk.acme.test")), false, NOON)
                .withTasks(2, 2)
                .steadyAfter(1)
                .is(State.RUNNING, "2 of 2 tasks ready.");
        return new Progress(instance(condition), List.of(orders), List.of());
    }

    private static Progress deleting(Order... orders) {
        var running = running().instance();
        var condition = running.condition().is(State.DELETING, "waiting for the scheduler");
        return new Progress(running.with(condition, SMALL), List.of(orders), List.of());
    }

    private static Instance instance(Condition condition) {
        return new Instance(
                INSTANCE, "acme", "desk", "acd", "standard", "platform/acd", Map.of(), SMALL, 4, NOON, condition);
    }

    private static Order order(int number, OrderKind kind, LoadProfile load) {
        return new Order(new UUID(1, number), "acme", kind, OrderState.ACCEPTED, INSTANCE, number, load, 1, NOON, null);
    }
}
