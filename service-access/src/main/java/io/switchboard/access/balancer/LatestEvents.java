package io.switchboard.access.balancer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jms.JmsException;
import org.springframework.jms.core.JmsTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Publishes events to a topic. While the broker is away the last event of each subject waits here; after a crash, who publishes
 * says again what is so.
 *
 * @param <K> what tells subjects apart
 * @param <E> an event
 */
final class LatestEvents<K, E> implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LatestEvents.class);
    private static final long RETRY_MILLIS = 1_000;
    /** Events in one message: it costs the broker much the same for one as for many. */
    private static final int MOST_TOGETHER = 50;

    private final String topic;
    private final Function<E, K> subject;
    private final JmsTemplate jms;
    private final JsonMapper json;
    private final Map<K, E> waiting = new LinkedHashMap<>();
    private volatile @Nullable Thread worker;
    private boolean away;

    /** @param jms sends to topics, persistently */
    LatestEvents(String topic, Function<E, K> subject, JmsTemplate jms, JsonMapper json) {
        this.topic = topic;
        this.subject = subject;
        this.jms = jms;
        this.json = json;
    }

    /** Takes the event and returns at once; one of the same subject that still waits is replaced. */
    void publish(E event) {
        synchronized (waiting) {
            waiting.put(subject.apply(event), event);
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
                    jms.convertAndSend(topic, json.writeValueAsString(events));
                    sent(events);
                } catch (JmsException e) {
                    if (!away) {
                        away = true;
                        log.warn("{} wait for the broker: {}", topic, e.getMessage());
                    }
                    pause();
                } catch (RuntimeException e) {
                    log.error("{} can't be sent, which is tried again", topic, e);
                    pause();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pause() throws InterruptedException {
        synchronized (waiting) {
            waiting.wait(RETRY_MILLIS);
        }
    }

    private List<E> next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty()) {
                waiting.wait();
            }
            return waiting.values().stream().limit(MOST_TOGETHER).toList();
        }
    }

    private void sent(List<E> events) {
        synchronized (waiting) {
            events.forEach(event -> waiting.remove(subject.apply(event), event));
        }
        if (away) {
            away = false;
            log.info("the broker takes {} again", topic);
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
