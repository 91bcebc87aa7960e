package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.transaction.support.TransactionTemplate;

/** Turns a batch of orders into desired deployments, in one transaction with what is said about it. */
final class OrderIntake {

    private final JdbcDeployments deployments;
    private final OrderRules rules;
    private final TransactionTemplate transaction;
    private final DeploymentListener listener;
    private final Clock clock;

    OrderIntake(
            JdbcDeployments deployments,
            OrderRules rules,
            TransactionTemplate transaction,
            DeploymentListener listener,
            Clock clock) {
        this.deployments = deployments;
        this.rules = rules;
        this.transaction = transaction;
        this.listener = listener;
        this.clock = clock;
    }

    /** Carries out each order that was not handled before; orders of one instance in the order given. */
    void handle(List<OrderMessage> orders) {
        var byId = new LinkedHashMap<UUID, OrderMessage>();
        orders.forEach(order -> byId.putIfAbsent(order.orderId(), order));
        var changed = Objects.requireNonNull(transaction.execute(status -> store(byId)));
        if (!changed.isEmpty()) {
            listener.changed(changed);
        }
    }

    private Set<UUID> store(Map<UUID, OrderMessage> orders) {
        var now = clock.instant();
        var fresh = deployments.claim(orders.values(), now);
        if (fresh.isEmpty()) {
            return Set.of();
        }
        var todo = orders.values().stream()
                .filter(order -> fresh.contains(order.orderId()))
                .toList();
        var before = lock(todo.stream().map(OrderMessage::instanceId).toList());
        var after = new LinkedHashMap<UUID, Deployment>();
        var events = new ArrayList<DeploymentEvent>();
        for (var order : todo) {
            var known = Optional.ofNullable(after.getOrDefault(order.instanceId(), before.get(order.instanceId())));
            var decision = rules.decide(known, order, now);
            after.put(order.instanceId(), decision.after());
            events.addAll(decision.events());
        }
        deployments.store(before, after.values(), events);
        return new LinkedHashSet<>(after.keySet());
    }

    private Map<UUID, Deployment> lock(Collection<UUID> ids) {
        var known = new HashMap<UUID, Deployment>();
        deployments.lock(ids).forEach(deployment -> known.put(deployment.id(), deployment));
        return known;
    }
}
