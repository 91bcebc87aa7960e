package io.switchboard.outbox;

import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Keeps messages in table {@code outbox} of the service's own schema. */
final class JdbcOutbox implements Outbox {

    private final JdbcTemplate jdbc;
    private final Runnable committed;

    /** @param committed called after each transaction that stored messages */
    JdbcOutbox(JdbcTemplate jdbc, Runnable committed) {
        this.jdbc = jdbc;
        this.committed = committed;
    }

    @Override
    public void append(Collection<OutboxMessage> messages) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("messages are stored together with what causes them: open a transaction");
        }
        if (messages.isEmpty()) {
            return;
        }
        // One statement for all rows: a batch of single inserts costs a parse and a bind for each.
        var ordered = List.copyOf(messages);
        jdbc.update(
                """
                insert into outbox (destination, topic, group_id, duplicate_id, body)
                select *
                from unnest(?::text[], ?::boolean[], ?::text[], ?::text[], ?::text[])
                """,
                ordered.stream().map(OutboxMessage::destination).toArray(String[]::new),
                ordered.stream().map(OutboxMessage::topic).toArray(Boolean[]::new),
                ordered.stream().map(message -> message.group().orElse(null)).toArray(String[]::new),
                ordered.stream().map(OutboxMessage::duplicateId).toArray(String[]::new),
                ordered.stream().map(OutboxMessage::body).toArray(String[]::new));
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                committed.run();
            }
        });
    }
}
