package io.switchboard.scheduling.capacity;

import io.switchboard.contracts.ordering.OrderMessage;

/** How many tasks of which size an order takes. */
@FunctionalInterface
public interface OrderSizing {

    /** Answers from memory, at once; the same models and nodes give the same answer. */
    Sizing size(OrderMessage.Service service, String tenant);
}
