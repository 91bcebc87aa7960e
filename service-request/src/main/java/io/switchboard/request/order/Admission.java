package io.switchboard.request.order;

import io.switchboard.contracts.ordering.InstanceView.State;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.contracts.scheduling.Canary;
import io.switchboard.request.catalog.Catalog;
import io.switchboard.request.catalog.Offer;
import io.switchboard.request.instance.Condition;
import io.switchboard.request.instance.Instance;
import io.switchboard.request.order.OrderDraft.Deleting;
import io.switchboard.request.order.OrderDraft.Extending;
import io.switchboard.request.order.OrderDraft.OnInstance;
import io.switchboard.request.order.OrderDraft.Opening;
import io.switchboard.request.order.OrderDraft.Restarting;
import io.switchboard.request.order.OrderDraft.Upgrading;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order that fits its instance, with all that has to be written for it.
 *
 * @param instance as it is once the order is there
 */
record Admission(OrderDraft draft, Order order, Instance instance, OrderMessage message) {

    /**
     * Lets an order for a new instance in; only the name may still be taken.
     *
     * @param known the instances it depends on, as far as they are there
     * @throws Problem if one is not there, is another tenant's, or on its way out
     */
    static Admission of(Opening opening, Map<UUID, Instance> known) {
        for (var id : opening.dependsOn()) {
            var on = known.get(id);
            if (on == null
                    || !on.tenant().equals(opening.claim().tenant())
                    || on.condition().deleting()) {
                throw new Problem(OrderProblem.DEPENDENCY_MISSING, "There is no instance " + id + " to depend on.");
            }
        }
        var type = opening.offer().type();
        var instance = new Instance(
                opening.instanceId(),
                opening.claim().tenant(),
                opening.name(),
                type.name(),
                opening.offer().plan().name(),
                opening.image(),
                opening.parameters(),
                opening.loadProfile(),
                1,
                opening.at(),
                Condition.ordered(opening.at()));
        return of(
                opening,
                instance,
                opening.loadProfile(),
                Optional.of(service(opening.offer(), instance.image(), instance)));
    }

    /**
     * Holds an order against its instance.
     *
     * @param instance null if there is none by that id
     * @param underWay the load that an order before this one brings the instance; null if none does
     * @throws Problem if the tenant has no such instance, it is on its way out, or its plan can't carry the load
     */
    static Admission of(
            OnInstance draft, @Nullable Instance instance, @Nullable LoadProfile underWay, Catalog catalog) {
        if (instance == null || !instance.tenant().equals(draft.claim().tenant())) {
            throw new Problem(RequestProblem.NOT_FOUND, "There is no instance " + draft.instanceId() + ".");
        }
        if (instance.condition().deleting()) {
            boolean gone = instance.condition().state() == State.DELETED;
            throw new Problem(
                    gone ? OrderProblem.INSTANCE_DELETED : OrderProblem.INSTANCE_DELETING,
                    "Instance '" + instance.name() + "' is " + (gone ? "deleted." : "being deleted."));
        }
        var next = instance.withOrders(instance.orders() + 1);
        return switch (draft) {
            case Extending extending -> {
                var load = extending.loadProfile();
                var offer = catalog.offer(instance.serviceType(), instance.plan());
                offer.checkLoad(load);
                yield of(
                        draft,
                        next,
                        load,
                        Optional.of(service(offer, next.image(), next.with(next.condition(), load))));
            }
            case Upgrading upgrading -> {
                var offer = catalog.offer(instance.serviceType(), instance.plan());
                var load = Objects.requireNonNullElse(underWay, next.loadProfile());
                yield of(
                        draft,
                        next,
                        null,
                        Optional.of(service(offer, offer.image(), next.with(next.condition(), load))),
                        upgrading.canary());
            }
            case Restarting restarting -> of(restarting, next, null, Optional.empty());
            case Deleting deleting ->
                of(
                        deleting,
                        next.with(next.condition().is(State.DELETING, "waiting for the scheduler"), next.loadProfile()),
                        null,
                        Optional.empty());
        };
    }

    private static Admission of(
            OrderDraft draft, Instance instance, @Nullable LoadProfile load, Optional<OrderMessage.Service> service) {
        return of(draft, instance, load, service, Optional.empty());
    }

    private static Admission of(
            OrderDraft draft,
            Instance instance,
            @Nullable LoadProfile load,
            Optional<OrderMessage.Service> service,
            Optional<Canary> canary) {
        var order = new Order(
                draft.orderId(),
                draft.claim().tenant(),
                draft.kind(),
                OrderState.ACCEPTED,
                instance.id(),
                instance.orders(),
                load,
                1,
                draft.at(),
                null);
        var message = new OrderMessage(
                order.id(),
                order.kind(),
                order.tenant(),
                instance.id(),
                instance.name(),
                order.acceptedAt(),
                service,
                canary,
                draft instanceof Opening opening ? opening.dependsOn() : Set.of());
        return new Admission(draft, order, instance, message);
    }

    private static OrderMessage.Service service(Offer offer, String image, Instance instance) {
        var type = offer.type();
        var plan = offer.plan();
        return new OrderMessage.Service(
                type.name(),
                plan.name(),
                plan.minTasks(),
                plan.maxTasks(),
                plan.spareTasks(),
                image,
                type.ports(),
                type.consumption(),
                instance.loadProfile(),
                offer.configuration(instance.parameters()));
    }
}
