package io.switchboard.request.order;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.OrderRequest;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.ordering.OrderView;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.ordering.Page;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.request.instance.Instances;
import io.switchboard.request.instance.Slice;
import io.switchboard.request.tenant.Visibility;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OrdersController implements OrdersApi {

    private static final Logger log = LoggerFactory.getLogger(OrdersController.class);

    private final Reception reception;
    private final Orders orders;
    private final Instances instances;

    OrdersController(Reception reception, Orders orders, Instances instances) {
        this.reception = reception;
        this.orders = orders;
        this.instances = instances;
    }

    @Override
    public ResponseEntity<OrderView> place(
            String key, @RequestBody @Valid OrderRequest order, @Nullable Caller caller) {
        var view = switch (reception.place(Visibility.ownTenant(caller), key, order)) {
            case Outcome.Accepted accepted -> {
                log.debug(
                        "order {} is ACCEPTED: {} of instance {} of tenant {}",
                        accepted.order().id(),
                        order.kind(),
                        accepted.order().instanceId(),
                        accepted.order().tenant());
                yield accepted.order();
            }
            case Outcome.Repeated repeated -> order(repeated.orderId(), caller);
            case Outcome.Refused refused -> throw refused.problem();
        };
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/orders/" + view.id()))
                .body(view);
    }

    @Override
    public OrderView order(UUID id, @Nullable Caller caller) {
        return orders.find(id, Visibility.of(caller))
                .orElseThrow(() -> new Problem(RequestProblem.NOT_FOUND, "There is no order " + id + "."));
    }

    @Override
    public Page<OrderView> orders(
            @Nullable String tenant,
            @Nullable UUID instanceId,
            @Nullable OrderState state,
            @Nullable String cursor,
            @Nullable Integer limit,
            @Nullable Caller caller) {
        return orders.page(Visibility.of(caller).narrowedTo(tenant), instanceId, state, Slice.of(cursor, limit));
    }

    @Override
    public InstanceView instance(UUID id, @Nullable Caller caller) {
        return instances
                .find(id, Visibility.of(caller))
                .orElseThrow(() -> new Problem(RequestProblem.NOT_FOUND, "There is no instance " + id + "."));
    }

    @Override
    public Page<InstanceView> instances(
            @Nullable String tenant, @Nullable String cursor, @Nullable Integer limit, @Nullable Caller caller) {
        return instances.page(Visibility.of(caller).narrowedTo(tenant), Slice.of(cursor, limit));
    }
}
