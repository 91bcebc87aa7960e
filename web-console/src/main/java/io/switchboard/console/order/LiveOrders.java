package io.switchboard.console.order;

import io.switchboard.console.live.LiveStreams;
import io.switchboard.console.live.ServerSentEvent;
import io.switchboard.console.remote.OrderEvents;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.ordering.OrderView.TimelineEntry;
import java.io.IOException;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Passes an order's events from the request service on to the browser. {@code progress} says that the timeline grew,
 * {@code end} that it is complete; the page then fetches what it shows, so that one template draws it in both cases.
 */
@Component
class LiveOrders {

    private final OrderEvents events;
    private final LiveStreams streams;
    private final JsonMapper json;

    LiveOrders(OrderEvents events, LiveStreams streams, JsonMapper json) {
        this.events = events;
        this.streams = streams;
        this.json = json;
    }

    SseEmitter follow(UUID order, String last) {
        return streams.follow("order-" + order, events.follow(order, last.equals("0") ? null : last), this::pass);
    }

    private boolean pass(ServerSentEvent event, SseEmitter browser) throws IOException {
        browser.send(SseEmitter.event().id(event.id()).name("progress").data(event.id()));
        if (!ends(event)) {
            return true;
        }
        browser.send(SseEmitter.event().name("end").data("end"));
        return false;
    }

    private boolean ends(ServerSentEvent event) {
        try {
            OrderState state = json.readValue(event.data(), TimelineEntry.class).state();
            return state == OrderState.COMPLETED || state == OrderState.FAILED;
        } catch (JacksonException noEntry) {
            return false;
        }
    }
}
