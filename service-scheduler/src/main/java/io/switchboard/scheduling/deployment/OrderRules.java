package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.ordering.OrderKind;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.scheduling.capacity.OrderSizing;
import io.switchboard.scheduling.capacity.Sizing;
import io.switchboard.scheduling.capacity.Sizing.Sized;
import io.switchboard.scheduling.deployment.Deployment.Desired;
import io.switchboard.scheduling.deployment.Deployment.Instance;
import io.switchboard.scheduling.deployment.Deployment.Order;
import io.switchboard.scheduling.deployment.Deployment.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What each kind of order does to a deployment. A refused one changes nothing but the sequence of events. */
final class OrderRules {

    /**
     * Running tasks that are up to this much larger than the plan asks for are kept: a new size would replace every
     * one of them.
     */
    private static final double KEPT_OVERSIZE = 1.5;

    private final OrderSizing sizing;
    private final Function<Map<String, Object>, String> json;
    private final boolean configAccess;
    private final Duration oldest;

    /**
     * @param sizing how many tasks of which size an order takes
     * @param json parameters as JSON, the same bytes for equal parameters
     * @param configAccess whether tasks of new revisions read their configuration from the config center
     * @param oldest how long after it was accepted an order may still come
     */
    OrderRules(OrderSizing sizing, Function<Map<String, Object>, String> json, boolean configAccess, Duration oldest) {
        this.sizing = sizing;
        this.json = json;
        this.configAccess = configAccess;
        this.oldest = oldest;
    }

    OrderDecision decide(Optional<Deployment> known, OrderMessage order, Instant now) {
        var before = known.orElseGet(() -> nothing(order, now));
        if (order.acceptedAt().isBefore(now.minus(oldest))) {
            return refuse(
                    before,
                    order,
                    OrderProblem.refusal(
                            OrderProblem.ORDER_TOO_OLD,
                            "The order was accepted at %s, more than %d days ago."
                                    .formatted(order.acceptedAt(), oldest.toDays())),
                    now);
        }
        return switch (order.kind()) {
            case OPEN -> open(before, order, now);
            case EXTEND -> extend(before, order, now);
            case UPGRADE -> upgrade(before, order, now);
            case RESTART -> restart(before, order, now);
            case DELETE -> delete(before, order);
        };
    }

    private OrderDecision open(Deployment before, OrderMessage order, Instant now) {
        if (before.goal() != Goal.NOTHING) {
            return refuse(
                    before,
                    order,
                    OrderProblem.refusal(
                            OrderProblem.INSTANCE_EXISTS,
                            "Instance '%s' exists already.".formatted(order.instanceName())),
                    now);
        }
        return withPlan(
                before,
                order,
                now,
                (service, plan) ->
                        planned(before, order, Optional.of(revision(before, order, service, plan)), plan, now));
    }

    /** What the catalog offers now, in the size that the load needs now. */
    private OrderDecision upgrade(Deployment before, OrderMessage order, Instant now) {
        var current = running(before);
        if (current.isEmpty()) {
            return refuse(before, order, notRunning(order), now);
        }
        return withPlan(before, order, now, (service, plan) -> {
            var next = revision(before, order, service, plan);
            if (!next.runsTheSame(current.get())) {
                return planned(before, order, Optional.of(next), plan, now);
            }
            var resized = resize(before, current.get(), order, plan, now);
            return before.desired().asksForTheSameAs(resized.after().desired())
                    ? nothingToDo(before, order, now)
                    : resized;
        });
    }

    private OrderDecision nothingToDo(Deployment before, OrderMessage order, Instant now) {
        var desired = before.desired();
        return planned(
                before,
                order,
                Optional.empty(),
                new Sized(desired.tasks(), desired.perTask(), desired.ordered(), desired.explanation()),
                "Nothing to do: revision %d has this image and these parameters already, and the load needs no other tasks."
                        .formatted(desired.revision()),
                now);
    }

    private Revision revision(Deployment before, OrderMessage order, OrderMessage.Service service, Sized plan) {
        long number = before.course().lastRevision() + 1;
        return new Revision(
                number,
                Revision.workloadName(order.instanceId(), number),
                service.image(),
                service.ports(),
                json.apply(service.parameters()),
                plan.perTask(),
                configAccess,
                true);
    }

    private OrderDecision withPlan(
            Deployment before,
            OrderMessage order,
            Instant now,
            BiFunction<OrderMessage.Service, Sized, OrderDecision> then) {
        if (order.service().isEmpty()) {
            return refuse(
                    before, order, OrderProblem.refusal(OrderProblem.INVALID_PLAN, "The order names no service."), now);
        }
        var service = order.service().get();
        return switch (sizing.size(service, order.tenant())) {
            case Sized plan -> then.apply(service, plan);
            case Sizing.MoreThanThePlan(String reason) ->
                refuse(before, order, OrderProblem.refusal(OrderProblem.LOAD_TOO_LARGE, reason), now);
            case Sizing.MoreThanTheNodes(String reason) ->
                refuse(before, order, OrderProblem.refusal(OrderProblem.NO_ROOM, reason), now);
            case Sizing.Impossible(String reason) ->
                refuse(before, order, OrderProblem.refusal(OrderProblem.INVALID_PLAN, reason), now);
        };
    }

    private OrderDecision extend(Deployment before, OrderMessage order, Instant now) {
        var current = running(before);
        return current.isEmpty()
                ? refuse(before, order, notRunning(order), now)
                : withPlan(before, order, now, (service, plan) -> resize(before, current.get(), order, plan, now));
    }

    private OrderDecision resize(Deployment before, Revision current, OrderMessage order, Sized plan, Instant now) {
        var running = current.perTask();
        if (!keeps(running, plan.perTask())) {
            var next = current.as(order.instanceId(), before.course().lastRevision() + 1, plan.perTask());
            return planned(before, order, Optional.of(next), plan, now);
        }
        var explanation = running.equals(plan.perTask())
                ? plan.explanation()
                : plan.explanation()
                        + " Running tasks keep their %d thousandths of a core and %d MiB, which is enough."
                                .formatted(running.cpuMillis(), running.memoryMib());
        return planned(
                before, order, Optional.empty(), new Sized(plan.tasks(), running, plan.ordered(), explanation), now);
    }

    private static boolean keeps(Resources running, Resources asked) {
        return running.cpuMillis() >= asked.cpuMillis()
                && running.memoryMib() >= asked.memoryMib()
                && running.cpuMillis() <= asked.cpuMillis() * KEPT_OVERSIZE
                && running.memoryMib() <= asked.memoryMib() * KEPT_OVERSIZE;
    }

    private OrderDecision restart(Deployment before, OrderMessage order, Instant now) {
        var current = running(before);
        if (current.isEmpty()) {
            return refuse(before, order, notRunning(order), now);
        }
        var desired = before.desired();
        var next = current.get()
                .as(
                        order.instanceId(),
                        before.course().lastRevision() + 1,
                        current.get().perTask());
        return planned(
                before,
                order,
                Optional.of(next),
                new Sized(desired.tasks(), desired.perTask(), desired.ordered(), desired.explanation()),
                now);
    }

    /** Nothing is said yet: the tasks that still run decide what there is to say. */
    private static OrderDecision delete(Deployment before, OrderMessage order) {
        var told = before.told();
        var after = new Deployment(
                before.instance(),
                before.desired().removed(),
                new Order(order.orderId(), order.acceptedAt()),
                before.course().begin(before.course().lastRevision(), Optional.empty(), Optional.empty()),
                before.traffic(),
                new Told(told.sequence(), told.status(), false, told.progressAt(), told.changedAt()),
                before.revisions(),
                before.version());
        return new OrderDecision(after, List.of());
    }

    private OrderDecision planned(
            Deployment before, OrderMessage order, Optional<Revision> added, Sized size, Instant now) {
        return planned(before, order, added, size, size.explanation(), now);
    }

    /** @param said what the order's owner is told of it */
    private OrderDecision planned(
            Deployment before, OrderMessage order, Optional<Revision> added, Sized size, String said, Instant now) {
        var revisions = new ArrayList<>(before.revisions());
        added.ifPresent(revisions::add);
        var desired = new Desired(
                Goal.RUN,
                added.map(Revision::number).orElse(before.desired().revision()),
                size.tasks(),
                size.perTask(),
                size.ordered(),
                size.explanation());
        var status = new DeploymentStatus.Planned(size.tasks(), size.perTask(), said);
        var after = new Deployment(
                before.instance(),
                desired,
                new Order(order.orderId(), order.acceptedAt()),
                course(before, order, desired.revision(), added.isPresent(), size.tasks()),
                before.traffic(),
                new Told(before.told().sequence() + 1, status, false, now, now),
                revisions,
                before.version());
        return new OrderDecision(after, List.of(after.event(order.orderId(), status)));
    }

    /** A load that is ordered during a trial is owed at once, so by the tasks that run already; going back keeps it. */
    private Course course(Deployment before, OrderMessage order, long revision, boolean added, int planned) {
        var trial = canary(before, order, added);
        var running = fallback(before);
        if (order.kind() != OrderKind.EXTEND || trial.isEmpty() || running.isEmpty()) {
            return before.course().begin(revision, trial, running);
        }
        var carrying = order.service().map(service -> carrying(running.get(), service, order.tenant(), planned));
        return before.course()
                .begin(
                        revision,
                        trial.map(one ->
                                carrying.map(Desired::tasks).map(one::beside).orElse(one)),
                        carrying.or(() -> running));
    }

    /**
     * What carries the service's load with tasks of the size they have, as far as the plan allows.
     *
     * @param planned how many tasks carry it in the size of today
     */
    private Desired carrying(Desired running, OrderMessage.Service service, String tenant, int planned) {
        int tasks = Math.max(planned, fewestOf(running.perTask(), service, tenant));
        return new Desired(
                Goal.RUN,
                running.revision(),
                tasks,
                running.perTask(),
                running.ordered(),
                "%d tasks of revision %d, of %d thousandths of a core and %d MiB each, carry the load that was ordered during a trial."
                        .formatted(
                                tasks,
                                running.revision(),
                                running.perTask().cpuMillis(),
                                running.perTask().memoryMib()));
    }

    /** The fewest tasks that need no more than the size; the more there are, the less each needs. */
    private int fewestOf(Resources size, OrderMessage.Service service, String tenant) {
        int fewest = service.maxTasks();
        int low = Math.max(1, service.minTasks());
        int high = service.maxTasks() - service.spareTasks();
        while (low <= high) {
            int middle = (low + high) / 2;
            if (sizing.size(service.withMinTasks(middle), tenant) instanceof Sized sized
                    && sized.perTask().cpuMillis() <= size.cpuMillis()
                    && sized.perTask().memoryMib() <= size.memoryMib()) {
                fewest = sized.tasks();
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return fewest;
    }

    /** A trial needs tasks to be compared with. One that is on its way goes on, unless another image is ordered. */
    private static Optional<Course.Canary> canary(Deployment before, OrderMessage order, boolean added) {
        if (running(before).isEmpty()) {
            return Optional.empty();
        }
        var trial = before.course().way().canary();
        if (!added) {
            return trial;
        }
        return order.kind() == OrderKind.UPGRADE
                ? order.canary()
                        .map(asked -> new Course.Canary(
                                asked.tasks(),
                                Duration.ofMinutes(asked.minutes()),
                                Optional.empty(),
                                Optional.of(order.orderId()),
                                trial.flatMap(Course.Canary::beside)))
                : trial.map(Course.Canary::anew);
    }

    /** Where every task was last as it should be: here, or where the rollout that is still on its way came from. */
    static Optional<Desired> fallback(Deployment before) {
        if (running(before).isEmpty()) {
            return Optional.empty();
        }
        return before.told().status() instanceof DeploymentStatus.Steady
                ? Optional.of(before.desired())
                : before.course().way().fallback();
    }

    private static OrderDecision refuse(
            Deployment before, OrderMessage order, DeploymentStatus.Refused refusal, Instant now) {
        var told = before.told();
        var status = before.goal() == Goal.NOTHING ? refusal : told.status();
        var after = new Deployment(
                before.instance(),
                before.desired(),
                before.order(),
                before.course(),
                before.traffic(),
                new Told(told.sequence() + 1, status, told.settled(), told.progressAt(), now),
                before.revisions(),
                before.version());
        return new OrderDecision(after, List.of(after.event(order.orderId(), refusal)));
    }

    private static Optional<Revision> running(Deployment deployment) {
        return deployment.goal() == Goal.RUN ? deployment.wanted() : Optional.empty();
    }

    private static DeploymentStatus.Refused notRunning(OrderMessage order) {
        return OrderProblem.refusal(
                OrderProblem.INSTANCE_NOT_RUNNING,
                "Instance '%s' is not running, so there is nothing to change.".formatted(order.instanceName()));
    }

    private static Deployment nothing(OrderMessage order, Instant now) {
        var desired = Desired.nothing();
        var status = new DeploymentStatus.Planned(0, desired.perTask(), "Nothing was ordered yet.");
        return new Deployment(
                new Instance(
                        order.instanceId(),
                        order.tenant(),
                        order.instanceName(),
                        order.service().map(OrderMessage.Service::serviceType).orElse("")),
                desired,
                new Order(order.orderId(), order.acceptedAt()),
                Course.none().after(order.dependsOn()),
                Traffic.none(now),
                new Told(0, status, true, now, now),
                List.of(),
                0);
    }
}
