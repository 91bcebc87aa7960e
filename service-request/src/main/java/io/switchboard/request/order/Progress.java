package io.switchboard.request.order;

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
import io.switchboard.request.instance.Condition;
import io.switchboard.request.instance.Instance;
import io.switchboard.request.notification.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How far an instance and its orders are after the next piece of news. A value in, a value out: no clock, no database.
 *
 * <ul>
 *   <li>OPEN is complete when all tasks are ready and the instance's addresses are known, in whichever order.
 *   <li>EXTEND, UPGRADE and RESTART are complete when all tasks are ready for them, or for an order placed after them.
 *   <li>DELETE is complete when neither tasks nor routes are left; what was not done by then has failed.
 *   <li>What was rolled back has failed, and so has what was on its way with it.
 *   <li>What the scheduler refuses has failed; a refused OPEN leaves no instance and frees its name.
 * </ul>
 *
 * News that was heard before, or comes after later news of the same kind, changes nothing.
 *
 * @param orders those that had not ended before this news, in the order they were placed
 * @param changes what to tell
 */
record Progress(Instance instance, List<Order> orders, List<Change> changes) {

    Progress {
        orders = List.copyOf(orders);
        changes = List.copyOf(changes);
    }

    static Progress of(Instance instance, List<Order> open, News news) {
        return switch (news) {
            case News.OfDeployment deployment -> new Step(instance, open).after(deployment.event());
            case News.OfRoute route -> new Step(instance, open).after(route.event());
        };
    }

    /** Collects what one piece of news brings about. */
    private static final class Step {

        private final Instance before;
        private final Map<UUID, Order> orders;
        private final List<Change> changes = new ArrayList<>();
        private Condition condition;
        private LoadProfile load;

        Step(Instance instance, List<Order> open) {
            this.before = instance;
            this.condition = instance.condition();
            this.load = instance.loadProfile();
            this.orders = open.stream()
                    .collect(Collectors.toMap(Order::id, order -> order, (one, same) -> one, LinkedHashMap::new));
        }

        Progress after(DeploymentEvent event) {
            if (event.sequence() > condition.deploymentSequence()) {
                condition = condition.afterDeployment(event.sequence(), event.at());
                heed(event.status(), Optional.ofNullable(orders.get(event.orderId())), event.at());
                tellOfInstance(event.at(), step(event.status()));
            }
            return result();
        }

        Progress after(RouteEvent event) {
            boolean news = event.sequence() > condition.routeSequence()
                    || event.sequence() == condition.routeSequence()
                            && (event.removed() != condition.routeRemoved()
                                    || !event.addresses().equals(condition.addresses()));
            if (news) {
                boolean first = condition.addresses().isEmpty();
                condition = condition.afterRoute(
                        event.sequence(), event.addresses(), condition.routeRemoved() || event.removed(), event.at());
                if (event.removed()) {
                    unrouted(event.at());
                } else if (!event.addresses().isEmpty()) {
                    routed(first, event.at());
                }
                tellOfInstance(event.at(), event.removed() ? "UNROUTED" : "ROUTED");
            }
            return result();
        }

        private void heed(DeploymentStatus status, Optional<Order> subject, Instant at) {
            switch (status) {
                case Planned planned -> {
                    condition = condition.withTasks(condition.readyTasks(), planned.tasks());
                    moving(State.CHANGING, planned.message());
                    subject.ifPresent(order -> goesOn(order, status, at));
                }
                case RollingOut rolling -> {
                    condition = condition.withTasks(rolling.ready(), rolling.wanted());
                    moving(State.CHANGING, rolling.message());
                    subject.ifPresent(order -> goesOn(order, status, at));
                }
                case Stuck stuck -> {
                    condition = condition.withTasks(stuck.ready(), stuck.wanted());
                    if (!condition.deleting()) {
                        condition = condition.is(State.STUCK, stuck.message());
                    }
                    subject.ifPresent(order -> goesOn(order, status, at));
                }
                case Steady steady -> steady(steady, subject, at);
                case RolledBack back -> {
                    moving(State.CHANGING, back.message());
                    subject.ifPresent(order -> rolledBack(back, order, at));
                }
                case Refused refused -> subject.ifPresent(order -> refused(refused, order, at));
                case Removed removed -> {
                    condition = condition.withoutTasks();
                    if (!condition.deleting()) {
                        condition = condition.is(State.DELETING, removed.message());
                    }
                    subject.ifPresent(order -> goesOn(order, status, at));
                    endIfNothingIsLeft(at);
                }
            }
        }

        /** An instance that has yet to open does so until it has; one that is on its way out stays that. */
        private void moving(State otherwise, String message) {
            if (!condition.deleting()) {
                condition = condition.is(opening() ? State.OPENING : otherwise, message);
            }
        }

        private boolean opening() {
            return orders.values().stream().anyMatch(order -> order.kind() == OrderKind.OPEN && order.open());
        }

        private void steady(Steady steady, Optional<Order> subject, Instant at) {
            condition = condition.withTasks(steady.tasks(), steady.tasks());
            if (subject.isPresent()) {
                condition = condition.steadyAfter(subject.get().number());
            }
            var addressed = !condition.addresses().isEmpty();
            for (var order : List.copyOf(orders.values())) {
                boolean itself = subject.filter(order::equals).isPresent();
                boolean covered = order.open()
                        && order.number() <= condition.steadyOrder()
                        && order.kind() != OrderKind.DELETE
                        && (addressed || order.kind() != OrderKind.OPEN);
                if (covered) {
                    complete(
                            order,
                            "STEADY",
                            itself ? steady.message() : "Done together with a later order of this instance.",
                            at);
                } else if (itself) {
                    advance(
                            order,
                            OrderState.IN_PROGRESS,
                            "STEADY",
                            steady.message() + " Waiting for its address.",
                            at);
                }
            }
            moving(State.RUNNING, steady.message());
        }

        /** What came before the order and was on its way with it is given up, too. */
        private void rolledBack(RolledBack back, Order subject, Instant at) {
            for (var order : List.copyOf(orders.values())) {
                if (order.open() && order.number() <= subject.number() && order.kind() != OrderKind.DELETE) {
                    advance(order, OrderState.FAILED, "ROLLED_BACK", back.message(), at);
                }
            }
        }

        private void refused(Refused refused, Order order, Instant at) {
            advance(order, OrderState.FAILED, "REFUSED", refused.message() + " " + refused.remedy(), at);
            if (order.kind() == OrderKind.OPEN) {
                condition = condition.is(State.DELETED, "Refused: " + refused.message());
                closeOthers(at);
            } else if (order.kind() == OrderKind.DELETE && condition.state() == State.DELETING) {
                boolean complete = condition.readyTasks() >= condition.wantedTasks();
                condition =
                        condition.is(complete ? State.RUNNING : State.CHANGING, "Not deleted: " + refused.message());
            }
        }

        private void routed(boolean first, Instant at) {
            var where = "Answers at "
                    + condition.addresses().stream().map(Address::url).collect(Collectors.joining(", ")) + ".";
            for (var order : List.copyOf(orders.values())) {
                if (order.kind() != OrderKind.OPEN || !order.open()) {
                    continue;
                }
                if (condition.steadyOrder() >= order.number()) {
                    complete(order, "ROUTED", where, at);
                } else if (first) {
                    advance(order, OrderState.IN_PROGRESS, "ROUTED", where, at);
                }
            }
            if (condition.state() == State.OPENING && !opening()) {
                condition = condition.is(State.RUNNING, condition.message());
            }
        }

        private void unrouted(Instant at) {
            for (var order : List.copyOf(orders.values())) {
                if (order.kind() == OrderKind.DELETE && order.open() && !condition.tasksRemoved()) {
                    advance(order, OrderState.IN_PROGRESS, "UNROUTED", "No traffic reaches it any more.", at);
                }
            }
            endIfNothingIsLeft(at);
        }

        private void endIfNothingIsLeft(Instant at) {
            if (condition.tasksRemoved() && condition.routeRemoved() && condition.state() != State.DELETED) {
                condition = condition.is(State.DELETED, "Deleted.");
                closeOthers(at);
            }
        }

        /** With the instance gone, a DELETE has what it wants and nothing else can have it any more. */
        private void closeOthers(Instant at) {
            for (var order : List.copyOf(orders.values())) {
                if (!order.open()) {
                    continue;
                }
                if (order.kind() == OrderKind.DELETE) {
                    complete(order, "DELETED", "Deleted; neither tasks nor routes are left.", at);
                } else {
                    advance(
                            order,
                            OrderState.FAILED,
                            "OVERTAKEN",
                            "The instance was deleted before this was done.",
                            at);
                }
            }
        }

        private void goesOn(Order order, DeploymentStatus status, Instant at) {
            advance(order, OrderState.IN_PROGRESS, step(status), status.message(), at);
        }

        private void complete(Order order, String step, String message, Instant at) {
            if (order.kind() == OrderKind.EXTEND && order.loadProfile() != null) {
                load = order.loadProfile();
            }
            advance(order, OrderState.COMPLETED, step, message, at);
        }

        private void advance(Order order, OrderState state, String step, String message, Instant at) {
            var next = order.advanced(state, at);
            orders.put(next.id(), next);
            changes.add(new Change(
                    next.tenant(), next.instanceId(), next.id(), next.entries(), at, state.name(), step, message));
        }

        /** What no order's timeline tells, the instance does. */
        private void tellOfInstance(Instant at, String step) {
            var was = before.condition();
            boolean differs = was.state() != condition.state()
                    || was.readyTasks() != condition.readyTasks()
                    || was.wantedTasks() != condition.wantedTasks()
                    || !was.message().equals(condition.message())
                    || !was.addresses().equals(condition.addresses());
            if (changes.isEmpty() && differs) {
                changes.add(new Change(
                        before.tenant(),
                        before.id(),
                        null,
                        0,
                        at,
                        condition.state().name(),
                        step,
                        condition.message()));
            }
        }

        private Progress result() {
            return new Progress(before.with(condition, load), List.copyOf(orders.values()), changes);
        }

        private static String step(DeploymentStatus status) {
            return switch (status) {
                case Planned planned -> "PLANNED";
                case RollingOut rolling -> "ROLLING_OUT";
                case Steady steady -> "STEADY";
                case Stuck stuck -> "STUCK";
                case RolledBack back -> "ROLLED_BACK";
                case Refused refused -> "REFUSED";
                case Removed removed -> "REMOVED";
            };
        }
    }
}
