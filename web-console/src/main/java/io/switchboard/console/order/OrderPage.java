package io.switchboard.console.order;

import io.switchboard.console.page.Tone;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.ordering.OrderView;
import io.switchboard.contracts.ordering.OrderView.TimelineEntry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order with its timeline.
 *
 * @param last sequence of the last timeline entry, 0 if there is none
 */
record OrderPage(OrderRow row, String plan, @Nullable LoadProfile load, List<Entry> timeline, int last) {

    static OrderPage of(OrderView order) {
        return new OrderPage(
                OrderRow.of(order),
                order.plan(),
                order.loadProfile().orElse(null),
                order.timeline().stream().map(Entry::of).toList(),
                order.timeline().stream()
                        .mapToInt(TimelineEntry::sequence)
                        .max()
                        .orElse(0));
    }

    public boolean isEnded() {
        return row.state() == OrderState.COMPLETED || row.state() == OrderState.FAILED;
    }

    record Entry(Instant at, Tone tone, String step, String message) {

        static Entry of(TimelineEntry entry) {
            return new Entry(entry.at(), Tone.of(entry.state()), entry.step(), entry.message());
        }
    }
}
