package io.switchboard.marathon.simulator;

import java.util.Collection;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.node.ObjectNode;

/** Who listens to what happens. */
final class EventBus {

    /** @param type as in the stream's {@code event:} lines */
    record Event(String type, ObjectNode data) {}

    /** See {@link EventBus}. */
    interface Listener {
        void happened(Event event);
    }

    private final Collection<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Timeline timeline;

    EventBus(Timeline timeline) {
        this.timeline = timeline;
    }

    void add(Listener listener) {
        listeners.add(listener);
    }

    void remove(Listener listener) {
        listeners.remove(listener);
    }

    int size() {
        return listeners.size();
    }

    void publish(String type, ObjectNode data) {
        data.put("eventType", type).put("timestamp", Json.timestamp(timeline.now()));
        Event event = new Event(type, data);
        listeners.forEach(listener -> listener.happened(event));
    }
}
