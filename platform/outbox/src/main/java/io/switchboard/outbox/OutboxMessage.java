package io.switchboard.outbox;

import java.util.Optional;

/**
 * A message to be sent once the current transaction is durable.
 *
 * @param destination name of the queue or topic
 * @param topic whether every subscriber gets it, rather than one consumer
 * @param group messages of one group are consumed one after the other, in the order they were appended
 * @param body JSON
 */
public record OutboxMessage(String destination, boolean topic, Optional<String> group, String body) {

    /** For one consumer, in order within the group. */
    public static OutboxMessage toQueue(String queue, String group, String body) {
        return new OutboxMessage(queue, false, Optional.of(group), body);
    }

    /**
     * For every subscriber. What one transaction says on one topic is sent as one message, a JSON array of the bodies in
     * order; so subscribers read arrays, of one or more.
     */
    public static OutboxMessage toTopic(String topic, String body) {
        return new OutboxMessage(topic, true, Optional.empty(), body);
    }
}
