package io.switchboard.fakes;

import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.ordering.OrderView;
import io.switchboard.contracts.ordering.OrderView.TimelineEntry;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
class FakeOrderEvents {

    private final World world;
    private final AtomicInteger opened = new AtomicInteger();
    private volatile boolean shortLived;

    FakeOrderEvents(World world) {
        this.world = world;
    }

    @GetMapping(path = "/api/v1/orders/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(
            @PathVariable UUID id, @RequestHeader(name = "Last-Event-ID", defaultValue = "0") int last, Caller caller) {
        opened.incrementAndGet();
        SseEmitter emitter = new SseEmitter(0L);
        AtomicInteger sent = new AtomicInteger(last);
        Runnable stop = world.follow(order -> {
            if (order.id().equals(id)) {
                send(emitter, order, sent);
            }
        });
        emitter.onCompletion(stop);
        send(emitter, world.order(id, caller), sent);
        return emitter;
    }

    /** Whether each stream ends after what it can tell at first, as if the caller's token ended then. */
    void shortLived(boolean ends) {
        shortLived = ends;
    }

    int opened() {
        return opened.get();
    }

    private void send(SseEmitter emitter, OrderView order, AtomicInteger sent) {
        synchronized (sent) {
            try {
                for (TimelineEntry entry : order.timeline()) {
                    if (entry.sequence() > sent.get()) {
                        emitter.send(SseEmitter.event()
                                .id(String.valueOf(entry.sequence()))
                                .name("timeline")
                                .data(entry));
                        sent.set(entry.sequence());
                    }
                }
                if (shortLived || order.endedAt().isPresent()) {
                    emitter.complete();
                }
            } catch (IOException | IllegalStateException gone) {
                emitter.complete();
            }
        }
    }
}
