package io.switchboard.console.order;

import io.switchboard.console.page.Tone;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.ordering.OrderView;
import io.switchboard.contracts.ordering.OrderView.TimelineEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An order with its timeline.
 *
 * @param last sequence of the last timeline entry, 0 if there is none
 */
record OrderPage(OrderRow row, String plan, @Nullable LoadProfile load, List<Entry> timeline, int last) {

    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s,]*[^\\s,.]");

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

    record Entry(Instant at, Tone tone, String step, List<Piece> message) {

        static Entry of(TimelineEntry entry) {
            return new Entry(entry.at(), Tone.of(entry.state()), entry.step(), pieces(entry.message()));
        }
    }

    /** @param address whether it is a web address that a browser can go to */
    record Piece(String text, boolean address) {}

    private static List<Piece> pieces(String message) {
        var pieces = new ArrayList<Piece>();
        int end = 0;
        for (var found : ADDRESS.matcher(message).results().toList()) {
            pieces.add(new Piece(message.substring(end, found.start()), false));
            pieces.add(new Piece(found.group(), true));
            end = found.end();
        }
        pieces.add(new Piece(message.substring(end), false));
        return pieces;
    }
}
