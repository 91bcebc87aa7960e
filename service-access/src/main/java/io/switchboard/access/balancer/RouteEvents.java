package io.switchboard.access.balancer;

import io.switchboard.contracts.access.RouteEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jms.JmsException;
import org.springframework.jms.core.JmsTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Publishes route events. While the broker is away the last event of each instance waits here; after a crash the agent
 * says again what is in force.
 */
final class RouteEvents implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RouteEvents.class);
    private static final long RETRY_MILLIS = 1_000;
    /** Events in one message: it costs the broker much the same for one as for many. */
    private static final int MOST_TOGETHER = 50;

    private final JmsTemplate jms;
    private final JsonMapper json;
    private final Map<UUID, RouteEvent> waiting = new LinkedHashMap<>();
    private volatile @Nullable Thread worker;
    private boolean away;

    /** @param jms sends to topics, persistently */
    RouteEvents(JmsTemplate jms, JsonMapper json) {
        this.jms = jms;
        this.json = json;
    }

    /** Takes the event and returns at once; one of the same instance that still waits is replaced. */
    void publish(RouteEvent event) {
        synchronized (waiting) {
            waiting.put(event.instanceId(), event);
            waiting.notifyAll();
        }
    }

    @Override
    public void start() {
        // Assigned before it starts, because it ends as soon as it isn't the one.
        var thread = Thread.ofPlatform().name("access-events").daemon().unstarted(this::sendUntilStopped);
        worker = thread;
        thread.start();
    }

    private void sendUntilStopped() {
        try {
            while (worker == Thread.currentThread()) {
                var events = next();
                try {
                    jms.convertAndSend(RouteEvent.TOPIC, json.writeValueAsString(events));
                    sent(events);
                } catch (JmsException e) {
                    if (!away) {
                        away = true;
                        log.warn("route events wait for the broker: {}", e.getMessage());
                    }
                    synchronized (waiting) {
                        waiting.wait(RETRY_MILLIS);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<RouteEvent> next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty()) {
                waiting.wait();
            }
            return waiting.values().stream().limit(MOST_TOGETHER).toList();
        }
    }

    private void sent(List<RouteEvent> events) {
        synchronized (waiting) {
            events.forEach(event -> waiting.remove(event.instanceId(), event));
        }
        if (away) {
            away = false;
            log.info("the broker takes route events again");
        }
    }

    @Override
    public void stop() {
        var thread = worker;
        worker = null;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return worker != null;
    }

    @Override
    public int getPhase() {
        return 15;
    }
}
