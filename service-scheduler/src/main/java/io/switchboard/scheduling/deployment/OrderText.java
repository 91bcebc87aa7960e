package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.ordering.OrderMessage;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** An order as it comes off the queue. */
final class OrderText {

    private OrderText() {}

    /** @throws IllegalArgumentException if the text is no order; it never will be */
    static OrderMessage read(String text, JsonMapper json) {
        try {
            var order = json.readValue(text, OrderMessage.class);
            if (Stream.of(order.orderId(), order.kind(), order.tenant(), order.instanceId(), order.instanceName())
                            .anyMatch(Objects::isNull)
                    || order.acceptedAt() == null
                    || order.service() == null) {
                throw new IllegalArgumentException("an order without its ids, kind, names or time");
            }
            return order;
        } catch (JacksonException e) {
            // Without its cause, whose message quotes the text.
            throw new IllegalArgumentException("no order: " + e.getClass().getSimpleName());
        }
    }
}
