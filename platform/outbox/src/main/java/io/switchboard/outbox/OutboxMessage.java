package io.switchboard.outbox;

import java.util.Optional;

/**
 * A message to be sent once the current transaction is durable.
 *
 * @param destination name of the queue or topic
 * @param topic whether every subscriber gets it, rather than one consumer
 * @param group messages of one group are consumed one after the other, in the order they were appended
 * @param duplicateId the broker drops a second message with the same id
 * @param body JSON
 */
public record OutboxMessage(
        String destination, boolean topic, Optional<String> group, String duplicateId, String body) {

    /** For one consumer, in order within the group. */
    public static OutboxMessage toQueue(String queue, String group, String duplicateId, String body) {
        return new OutboxMessage(queue, false, Optional.of(group), duplicateId, body);
    }

    /** For every subscriber. */
    public static OutboxMessage toTopic(String topic, String duplicateId, String body) {
        return new OutboxMessage(topic, true, Optional.empty(), duplicateId, body);
    }
}
