package io.switchboard.request.order;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.ordering.OrderView.TimelineEntry;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.request.notification.Change;
import io.switchboard.request.notification.Streams;
import io.switchboard.request.notification.Timeline;
import io.switchboard.request.tenant.Visibility;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** One order's timeline as it grows. */
@RestController
class OrderEventsController {

    private final Orders orders;
    private final Timeline timeline;
    private final Streams streams;

    OrderEventsController(Orders orders, Timeline timeline, Streams streams) {
        this.orders = orders;
        this.timeline = timeline;
        this.streams = streams;
    }

    /**
     * Events named {@code timeline}, each a {@link TimelineEntry} with its sequence as id, from the first or from the one
     * after {@code Last-Event-ID}. The stream ends with the entry that ends the order, or with
     * the caller's token.
     */
    @GetMapping(path = "/api/v1/orders/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(
            @PathVariable UUID id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastId,
            Caller caller) {
        orders.find(id, Visibility.of(caller))
                .orElseThrow(() -> new Problem(RequestProblem.NOT_FOUND, "There is no order " + id + "."));
        return streams.open(new OneOrder(id, lastId == null ? 0 : sequence(lastId)), caller);
    }

    private static int sequence(String lastId) {
        if (!lastId.matches("[0-9]{1,9}")) {
            throw new Problem(
                    RequestProblem.INVALID_REQUEST, "Last-Event-ID must be the id of an event of this stream.");
        }
        return Integer.parseInt(lastId);
    }

    private final class OneOrder implements Streams.Script {

        private final UUID id;
        private int last;
        private boolean ended;

        OneOrder(UUID id, int last) {
            this.id = id;
            this.last = last;
        }

        @Override
        public boolean concerns(Change change) {
            return id.equals(change.orderId());
        }

        @Override
        public boolean replay(Streams.Sender sender) throws IOException {
            for (var entry : timeline.of(id)) {
                if (entry.sequence() > last) {
                    sender.send(String.valueOf(entry.sequence()), "timeline", entry);
                }
                reached(entry);
            }
            return !ended;
        }

        @Override
        public boolean send(String feedId, Change change, Streams.Sender sender) throws IOException {
            var entry = change.entry();
            if (entry.sequence() > last) {
                sender.send(String.valueOf(entry.sequence()), "timeline", entry);
                reached(entry);
            }
            return !ended;
        }

        private void reached(TimelineEntry entry) {
            last = Math.max(last, entry.sequence());
            ended = entry.state() == OrderState.COMPLETED || entry.state() == OrderState.FAILED;
        }
    }
}
