package io.switchboard.outbox;

import java.util.Collection;

/**
 * Messages stored in the transaction that causes them and sent after it: an effect and its message are both there or
 * neither is. Delivery is at least once, in the order of appending as far as transactions don't overlap.
 */
public interface Outbox {

    /**
     * Stores the messages in the current transaction.
     *
     * @throws IllegalStateException if there is no transaction
     */
    void append(Collection<OutboxMessage> messages);
}
