package io.switchboard.outbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Keeps messages in table {@code outbox} of the service's own schema. */
final class JdbcOutbox implements Outbox {

    /**
     * Characters of several events in one message. The broker keeps larger bodies than 100 KiB in files of their own,
     * and a character takes it two bytes.
     */
    private static final int MOST_TOGETHER = 24_000;

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
        var ordered = together(messages);
        jdbc.update(
                """
                insert into outbox (destination, topic, group_id, body)
                select *
                from unnest(?::text[], ?::boolean[], ?::text[], ?::text[])
                """,
                ordered.stream().map(OutboxMessage::destination).toArray(String[]::new),
                ordered.stream().map(OutboxMessage::topic).toArray(Boolean[]::new),
                ordered.stream().map(message -> message.group().orElse(null)).toArray(String[]::new),
                ordered.stream().map(OutboxMessage::body).toArray(String[]::new));
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                committed.run();
            }
        });
    }

    /** Events of one topic become one message as far as its size allows; each message costs the broker much the same. */
    private static List<OutboxMessage> together(Collection<OutboxMessage> messages) {
        var rows = new ArrayList<OutboxMessage>();
        var topics = new LinkedHashMap<String, StringBuilder>();
        for (var message : messages) {
            if (!message.topic()) {
                rows.add(message);
                continue;
            }
            var bodies = topics.computeIfAbsent(message.destination(), topic -> new StringBuilder());
            if (!bodies.isEmpty() && bodies.length() + message.body().length() > MOST_TOGETHER) {
                rows.add(packed(message.destination(), bodies));
                bodies.setLength(0);
            }
            bodies.append(bodies.isEmpty() ? "" : ",").append(message.body());
        }
        topics.forEach((topic, bodies) -> rows.add(packed(topic, bodies)));
        return rows;
    }

    private static OutboxMessage packed(String topic, StringBuilder bodies) {
        return OutboxMessage.toTopic(topic, "[" + bodies + "]");
    }
}
