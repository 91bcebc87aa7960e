package io.switchboard.contracts.ordering;

import io.switchboard.contracts.identity.Caller;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * Orders and the instances they make. {@link Caller} parameters come from the access token on the server's side; a
 * client passes {@code null}. Server-sent events stand beside this at {@code GET /api/v1/orders/{id}/events}.
 */
@HttpExchange("/api/v1")
public interface OrdersApi {

    /**
     * Accepts an order: 202 with {@code Location}. The same key and body again gives the same order; the same key
     * with another body is 409.
     *
     * @param key 1 to 128 visible ASCII characters, unique per tenant for at least 24 hours
     */
    @PostExchange("/orders")
    ResponseEntity<OrderView> place(
            @RequestHeader(name = "Idempotency-Key", defaultValue = "") String key,
            @RequestBody OrderRequest order,
            @Nullable Caller caller);

    @GetExchange("/orders/{id}")
    OrderView order(@PathVariable UUID id, @Nullable Caller caller);

    /**
     * @param tenant only with the operator's role; a tenant always sees its own
     * @param limit 1 to 200, by default 50
     */
    @GetExchange("/orders")
    Page<OrderView> orders(
            @RequestParam(required = false) @Nullable String tenant,
            @RequestParam(required = false) @Nullable UUID instanceId,
            @RequestParam(required = false) @Nullable OrderState state,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit,
            @Nullable Caller caller);

    @GetExchange("/instances/{id}")
    InstanceView instance(@PathVariable UUID id, @Nullable Caller caller);

    @GetExchange("/instances")
    Page<InstanceView> instances(
            @RequestParam(required = false) @Nullable String tenant,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit,
            @Nullable Caller caller);
}
