package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import io.switchboard.contracts.scheduling.DeploymentStatus;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/** Turns a batch of orders into desired deployments, in one transaction with what is said about it. */
final class OrderIntake {

    private static final Logger log = LoggerFactory.getLogger(OrderIntake.class);

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
        var stored = Objects.requireNonNull(transaction.execute(status -> store(byId)));
        stored.events().forEach(OrderIntake::tell);
        if (!stored.changed().isEmpty()) {
            listener.changed(stored.changed());
        }
    }

    private static void tell(DeploymentEvent event) {
        if (event.status() instanceof DeploymentStatus.Refused refused) {
            log.info(
                    "order {} is refused ({}): instance {} of tenant {}",
                    event.orderId(),
                    refused.code(),
                    event.instanceId(),
                    event.tenant());
        } else {
            log.debug(
                    "order {} is planned: instance {} of tenant {}",
                    event.orderId(),
                    event.instanceId(),
                    event.tenant());
        }
    }

    private record Stored(Set<UUID> changed, List<DeploymentEvent> events) {}

    private Stored store(Map<UUID, OrderMessage> orders) {
        var now = clock.instant();
        var fresh = deployments.claim(orders.values(), now);
        if (fresh.isEmpty()) {
            return new Stored(Set.of(), List.of());
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
        return new Stored(after.keySet(), events);
    }

    private Map<UUID, Deployment> lock(Collection<UUID> ids) {
        var known = new HashMap<UUID, Deployment>();
        deployments.lock(ids).forEach(deployment -> known.put(deployment.id(), deployment));
        return known;
    }
}
