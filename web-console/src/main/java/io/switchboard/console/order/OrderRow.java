package io.switchboard.console.order;

import io.switchboard.console.page.Tone;
import io.switchboard.contracts.ordering.OrderKind;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.ordering.OrderView;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One order in a list. */
public record OrderRow(
        UUID id,
        OrderKind kind,
        OrderState state,
        Tone tone,
        UUID instanceId,
        String tenant,
        String instanceName,
        String serviceType,
        Instant acceptedAt,
        @Nullable Instant endedAt) {

    public static OrderRow of(OrderView order) {
        return new OrderRow(
                order.id(),
                order.kind(),
                order.state(),
                Tone.of(order.state()),
                order.instanceId(),
                order.tenant(),
                order.instanceName(),
                order.serviceType(),
                order.acceptedAt(),
                order.endedAt().orElse(null));
    }
}
