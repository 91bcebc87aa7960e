package io.switchboard.request.notification;

import io.switchboard.batching.Rows;
import io.switchboard.contracts.ordering.OrderView.TimelineEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What happened, in table {@code timeline}: the timelines of orders, and the feed of all changes. */
@Repository
public class Timeline {

    private final JdbcTemplate jdbc;
    private final Tail tail;

    Timeline(JdbcTemplate jdbc, Tail tail) {
        this.jdbc = jdbc;
        this.tail = tail;
    }

    /** Stores the changes in the current transaction; who watches hears of them once it is durable. */
    public void append(Collection<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        var rows = new Rows<>(List.copyOf(changes));
        jdbc.update(
                """
                insert into timeline (tenant, instance_id, order_id, sequence, at, state, step, message)
                select *
                from unnest(
                    ?::text[], ?::uuid[], ?::uuid[], ?::int[], ?::timestamptz[], ?::text[], ?::text[], ?::text[])
                """,
                rows.column(Change::tenant),
                rows.column(Change::instanceId),
                rows.column(Change::orderId),
                rows.column(Change::sequence),
                rows.column(Change::at),
                rows.column(Change::state),
                rows.column(Change::step),
                rows.column(Change::message));
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                tail.wake();
            }
        });
    }

    /** An order's entries, oldest first. */
    public List<TimelineEntry> of(UUID orderId) {
        return jdbc.query("""
                select *
                from timeline
                where order_id = ?
                order by sequence
                """, (row, index) -> change(row).entry(), orderId);
    }

    static Change change(ResultSet row) throws SQLException {
        @Nullable UUID order = row.getObject("order_id", UUID.class);
        return new Change(
                row.getString("tenant"),
                row.getObject("instance_id", UUID.class),
                order,
                row.getInt("sequence"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("state"),
                row.getString("step"),
                row.getString("message"));
    }
}
