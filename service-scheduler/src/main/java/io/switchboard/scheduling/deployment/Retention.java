package io.switchboard.scheduling.deployment;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Deletes what is too old, in small statements. Any number of processes may do so at once: rows that another one has
 * locked are passed over.
 *
 * <p>An order that comes again after its row in {@code handled_order} is gone has no effect: {@link OrderRules} refuses
 * it by the time it was accepted, and the row stays {@link #MARGIN} longer than that. It stays while its deployment has not
 * settled, so that an order that is still being carried out is never refused. Retired revisions are read by
 * nobody; their numbers, and so their workloads' names, never come again, because the deployment counts them.
 */
final class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    /** More than the clocks of this service and of the one that accepts orders may differ. */
    private static final Duration MARGIN = Duration.ofDays(1);

    private final JdbcTemplate jdbc;
    private final RetentionProperties properties;
    private final Clock clock;
    private final Counter orders;
    private final Counter revisions;
    private final Counter notes;

    Retention(JdbcTemplate jdbc, RetentionProperties properties, Clock clock, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.properties = properties;
        this.clock = clock;
        this.orders = counter(meters, "handled_order");
        this.revisions = counter(meters, "revision");
        this.notes = counter(meters, "deployment_note");
    }

    private static Counter counter(MeterRegistry meters, String table) {
        return Counter.builder("scheduler.retention.deleted")
                .description("rows deleted because nobody needs them any more")
                .tag("table", table)
                .register(meters);
    }

    /** Deletes all that is too old by now. */
    void round() {
        var now = clock.instant();
        int handled =
                repeat(() -> deleteOrders(now.minus(properties.handledOrders()).minus(MARGIN)));
        int retired = repeat(() -> deleteRevisions(now.minus(properties.retiredRevisions())));
        int noted = repeat(() -> deleteNotes(now.minus(properties.notes())));
        notes.increment(noted);
        orders.increment(handled);
        revisions.increment(retired);
        if (handled + retired + noted > 0) {
            log.info(
                    "deleted {} orders handled, {} revisions retired and {} notes written long ago",
                    handled,
                    retired,
                    noted);
        }
    }

    private static int repeat(IntSupplier batch) {
        int all = 0;
        int done = batch.getAsInt();
        while (done > 0) {
            all += done;
            done = batch.getAsInt();
        }
        return all;
    }

    /** Ids of orders begin with the millisecond they were made in (RFC 9562, version 7), so the key finds the old ones. */
    private int deleteOrders(Instant before) {
        return jdbc.update(
                """
                delete from handled_order
                where order_id in (
                    select order_id
                    from handled_order
                    where order_id < ?
                    and handled_at < ?
                    and not exists (
                        select
                        from deployment
                        where deployment.instance_id = handled_order.instance_id
                        and not settled)
                    order by order_id
                    limit ?
                    for update skip locked)
                """, new UUID(before.toEpochMilli() << 16, 0), before.atOffset(ZoneOffset.UTC), properties.batch());
    }

    private int deleteNotes(Instant before) {
        return jdbc.update("""
                delete from deployment_note
                where id in (
                    select id
                    from deployment_note
                    where at < ?
                    order by at
                    limit ?
                    for update skip locked)
                """, before.atOffset(ZoneOffset.UTC), properties.batch());
    }

    private int deleteRevisions(Instant before) {
        return jdbc.update("""
                delete from revision
                where (instance_id, number) in (
                    select instance_id, number
                    from revision
                    where retired_at < ?
                    order by retired_at
                    limit ?
                    for update skip locked)
                """, before.atOffset(ZoneOffset.UTC), properties.batch());
    }
}
