package io.switchboard.request.notification;

import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.ordering.OrderView.TimelineEntry;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an order, or to an instance beside any order.
 *
 * @param at when
 * @param orderId absent if it belongs to no order
 * @param sequence position in the order's timeline, from 1; 0 without an order
 * @param state of the order, or of the instance if there is no order
 * @param step what happened, in upper snake case
 * @param message the same in plain words
 */
public record Change(
        String tenant,
        UUID instanceId,
        @Nullable UUID orderId,
        int sequence,
        Instant at,
        String state,
        String step,
        String message) {

    /** As an entry of its order's timeline. */
    public TimelineEntry entry() {
        return new TimelineEntry(sequence, at, OrderState.valueOf(state), step, message);
    }
}
