package io.switchboard.request.retention;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.switchboard.batching.Rows;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Deletes instances that were deleted long ago, with their orders and timelines, and old entries about instances, in
 * small transactions. Any number of processes may do so at once: rows that another one has locked are passed over.
 *
 * <p>No repetition gets an effect by it. The key of an OPEN order is spent first, in a transaction of its own and
 * {@link #SETTLED} before the order goes, because a statement that began before sees neither. Keys of other orders need
 * no such mark: their instance is gone, and with it everything they could change. Messages about the instance that come
 * late find nothing to change either.
 */
class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    /** Longer than any statement runs. */
    private static final Duration SETTLED = Duration.ofHours(1);

    private final JdbcTemplate jdbc;
    private final TransactionOperations transaction;
    private final RetentionProperties properties;
    private final Clock clock;
    private final Counter instances;
    private final Counter orders;
    private final Counter entries;

    Retention(
            JdbcTemplate jdbc,
            TransactionOperations transaction,
            RetentionProperties properties,
            Clock clock,
            MeterRegistry meters) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.properties = properties;
        this.clock = clock;
        this.instances = counter(meters, "instances");
        this.orders = counter(meters, "orders");
        this.entries = counter(meters, "timeline");
    }

    private static Counter counter(MeterRegistry meters, String table) {
        return Counter.builder("request.retention.deleted")
                .description("rows deleted because nobody needs them any more")
                .tag("table", table)
                .register(meters);
    }

    void roundUnlessTrouble() {
        try {
            round();
        } catch (DataAccessException | TransactionException e) {
            log.warn("what is too old can't be deleted at the moment, the next round tries again: {}", e.getMessage());
        }
    }

    /** Deletes all that is too old by now. */
    void round() {
        var now = clock.instant();
        var deletedBefore = now.minus(properties.deletedInstances());
        repeat(() -> spendKeys(deletedBefore, now));
        repeat(() -> deleteInstances(deletedBefore, now.minus(SETTLED)));
        repeat(() -> deleteEntries(now.minus(properties.instanceEntries())));
    }

    private static void repeat(IntSupplier batch) {
        int done = batch.getAsInt();
        while (done > 0) {
            done = batch.getAsInt();
        }
    }

    private int spendKeys(Instant deletedBefore, Instant now) {
        return jdbc.update(
                """
                insert into spent_keys (tenant, key_hash, spent_at)
                select orders.tenant, sha256(convert_to(idempotency_key, 'UTF8')), ?
                from instances
                join orders on instance_id = instances.id
                where instances.state = 'DELETED'
                and instances.changed_at < ?
                and orders.kind = 'OPEN'
                and not exists (
                    select
                    from spent_keys
                    where spent_keys.tenant = orders.tenant
                    and key_hash = sha256(convert_to(idempotency_key, 'UTF8')))
                limit ?
                on conflict do nothing
                """, now.atOffset(ZoneOffset.UTC), deletedBefore.atOffset(ZoneOffset.UTC), properties.batch());
    }

    /** Orders first; an instance goes with the last of them. */
    private int deleteInstances(Instant deletedBefore, Instant spentBefore) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var ids = Rows.values(lock(deletedBefore, spentBefore));
            var gone = Rows.values(jdbc.queryForList(
                    "select id from orders where instance_id = any (?::uuid[]) order by id limit ?",
                    UUID.class,
                    ids,
                    properties.batch()));
            int told = jdbc.update("delete from timeline where order_id = any (?::uuid[])", gone);
            int placed = jdbc.update("delete from orders where id = any (?::uuid[])", gone);
            int opened = jdbc.update("""
                    delete from instances
                    where id = any (?::uuid[])
                    and not exists (select from orders where instance_id = instances.id)
                    """, ids);
            entries.increment(told);
            orders.increment(placed);
            instances.increment(opened);
            if (opened > 0) {
                log.info("deleted {} instances that ended before {}, and {} orders", opened, deletedBefore, placed);
            }
            return placed + opened;
        }));
    }

    /** Instances that may go, as placing orders locks them: by id. */
    private List<UUID> lock(Instant deletedBefore, Instant spentBefore) {
        return jdbc.queryForList(
                """
                select id
                from instances
                where state = 'DELETED'
                and changed_at < ?
                and not exists (
                    select
                    from orders
                    where instance_id = instances.id
                    and (ended_at is null
                        or kind = 'OPEN'
                        and not exists (
                            select
                            from spent_keys
                            where spent_keys.tenant = orders.tenant
                            and key_hash = sha256(convert_to(idempotency_key, 'UTF8'))
                            and spent_at < ?)))
                order by id
                limit ?
                for update skip locked
                """,
                UUID.class,
                deletedBefore.atOffset(ZoneOffset.UTC),
                spentBefore.atOffset(ZoneOffset.UTC),
                properties.batch());
    }

    private int deleteEntries(Instant before) {
        int told = jdbc.update("""
                delete from timeline
                where (tx, position) in (
                    select tx, position
                    from timeline
                    where order_id is null
                    and at < ?
                    order by at
                    limit ?)
                """, before.atOffset(ZoneOffset.UTC), properties.batch());
        entries.increment(told);
        return told;
    }
}
