package io.switchboard.fakes;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.ordering.InstanceView;
import io.switchboard.contracts.ordering.OrderRequest;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.ordering.OrderView;
import io.switchboard.contracts.ordering.OrdersApi;
import io.switchboard.contracts.ordering.Page;
import io.switchboard.contracts.problem.Problem;
import jakarta.validation.Valid;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class FakeOrders implements OrdersApi {

    private final World world;

    FakeOrders(World world) {
        this.world = world;
    }

    @Override
    public ResponseEntity<OrderView> place(
            String key, @Valid @RequestBody OrderRequest order, @Nullable Caller caller) {
        if (order instanceof OrderRequest.Open open
                && open.parameters() != null
                && open.parameters().get("greeting") instanceof String greeting
                && greeting.contains("<")) {
            throw new Problem(
                    FakeProblem.PARAMETERS_INVALID,
                    "1 parameter does not fit the plan's schema.",
                    Map.of(
                            "errors",
                            List.of(Map.of("field", "parameters.greeting", "message", "must not contain '<'"))));
        }
        String tenant = signedIn(caller).tenant().orElse("acme");
        return ResponseEntity.accepted().body(world.place(tenant, key, order));
    }

    @Override
    public OrderView order(UUID id, @Nullable Caller caller) {
        return world.order(id, signedIn(caller));
    }

    @Override
    public Page<OrderView> orders(
            @Nullable String tenant,
            @Nullable UUID instanceId,
            @Nullable OrderState state,
            @Nullable String cursor,
            @Nullable Integer limit,
            @Nullable Caller caller) {
        List<OrderView> all = world.orders(order -> World.sees(signedIn(caller), order.tenant())
                && (tenant == null || order.tenant().equals(tenant))
                && (instanceId == null || order.instanceId().equals(instanceId))
                && (state == null || order.state() == state)
                && (cursor == null || order.id().toString().compareTo(cursor) < 0));
        int rows = limit == null ? 50 : limit;
        List<OrderView> page = all.stream().limit(rows).toList();
        Optional<String> next =
                all.size() > rows ? Optional.of(page.getLast().id().toString()) : Optional.empty();
        return new Page<>(page, next);
    }

    @Override
    public InstanceView instance(UUID id, @Nullable Caller caller) {
        return world.instance(id, signedIn(caller));
    }

    @Override
    public Page<InstanceView> instances(
            @Nullable String tenant, @Nullable String cursor, @Nullable Integer limit, @Nullable Caller caller) {
        return new Page<>(world.instances(signedIn(caller)), Optional.empty());
    }

    static Caller signedIn(@Nullable Caller caller) {
        if (caller == null) {
            throw new IllegalStateException("security lets nobody through without a token");
        }
        return caller;
    }
}
