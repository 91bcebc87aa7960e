package io.switchboard.console.order;

import io.switchboard.console.remote.OrderEvents;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.ordering.OrderView.TimelineEntry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Passes an order's events from the request service on to the browser. {@code progress} says that the timeline grew,
 * {@code end} that it is complete; the page then fetches what it shows, so that one template draws it in both cases.
 */
@Component
@EnableScheduling
class LiveOrders implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LiveOrders.class);
    private static final Duration RECONNECT = Duration.ofSeconds(2);

    private final OrderEvents events;
    private final JsonMapper json;
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    LiveOrders(OrderEvents events, JsonMapper json) {
        this.events = events;
        this.json = json;
    }

    /**
     * Asks with the token of the viewer on this thread, then goes on until the order, the page or that token ends. Then the
     * browser asks again, which brings a new token as for any page.
     */
    SseEmitter follow(UUID order, String last) {
        Line line = new Line(new SseEmitter(0L), events.follow(order, last.equals("0") ? null : last));
        lines.add(line);
        line.browser.onCompletion(() -> hangUp(line));
        line.browser.onError(failure -> hangUp(line));
        Thread.ofVirtual().name("order-" + order).start(() -> pass(line));
        return line.browser;
    }

    private void pass(Line line) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(line.service, StandardCharsets.UTF_8))) {
            line.browser.send(
                    SseEmitter.event().reconnectTime(RECONNECT.toMillis()).comment("connected"));
            boolean ended = false;
            Optional<ServerSentEvent> event = ServerSentEvent.next(reader);
            while (!ended && event.isPresent()) {
                send(line, event.get());
                ended = ends(event.get());
                event = ended ? event : ServerSentEvent.next(reader);
            }
            if (ended) {
                line.browser.send(SseEmitter.event().name("end").data("end"));
            }
        } catch (IOException | IllegalStateException gone) {
            log.debug("A live timeline ended: {}", gone.getMessage());
        }
        line.browser.complete();
    }

    private static void send(Line line, ServerSentEvent event) throws IOException {
        line.browser.send(SseEmitter.event().id(event.id()).name("progress").data(event.id()));
    }

    private boolean ends(ServerSentEvent event) {
        try {
            OrderState state = json.readValue(event.data(), TimelineEntry.class).state();
            return state == OrderState.COMPLETED || state == OrderState.FAILED;
        } catch (JacksonException noEntry) {
            return false;
        }
    }

    /** A browser that left is only noticed when something is sent to it. */
    @Scheduled(fixedDelayString = "PT15S")
    void ping() {
        for (Line line : lines) {
            try {
                line.browser.send(SseEmitter.event().comment("still here"));
            } catch (IOException | IllegalStateException gone) {
                hangUp(line);
            }
        }
    }

    /** Closing the service's stream also wakes the thread that reads it. */
    private void hangUp(Line line) {
        if (lines.remove(line)) {
            try {
                line.service.close();
            } catch (IOException closedAlready) {
                log.trace("Closing a live timeline: {}", closedAlready.getMessage());
            }
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Before the web server waits for open requests to finish, which these never would. */
    @Override
    public void stop() {
        running = false;
        lines.forEach(line -> {
            hangUp(line);
            line.browser.complete();
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** One browser that follows one order. */
    private static final class Line {

        private final SseEmitter browser;
        private final InputStream service;

        private Line(SseEmitter browser, InputStream service) {
            this.browser = browser;
            this.service = service;
        }
    }
}
