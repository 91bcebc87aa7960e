package io.switchboard.request.notification;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Reads the feed of all changes on behalf of everyone who watches, as long as anyone does.
 *
 * <p>It reads the table rather than listening to the writers, so that it also sees what another replica wrote. Entries
 * become visible in the order of their places, because it looks only at transactions older than any that still runs.
 */
@Component
class Tail implements SmartLifecycle {

    /** A change and its cursor. */
    record Entry(Cursor cursor, Change change) {}

    private static final Logger log = LoggerFactory.getLogger(Tail.class);
    private static final int BATCH = 1000;
    /** How late a change is seen that another replica wrote. */
    private static final long EVERY_MILLIS = 250;

    private final JdbcTemplate jdbc;
    private final Semaphore written = new Semaphore(0);
    private final List<Consumer<Entry>> watchers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Thread reader;

    Tail(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** From the return of this call on, the watcher gets each change that becomes visible, on one thread; it must not block. */
    synchronized void watch(Consumer<Entry> watcher) {
        watchers.add(watcher);
        if (reader == null) {
            var start = new Cursor(
                    Objects.requireNonNull(jdbc.queryForObject(
                            "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint", Long.class)),
                    0);
            var thread = Thread.ofVirtual().name("timeline-tail").unstarted(() -> read(start));
            // Before it runs, because it runs only as long as it is the reader.
            reader = thread;
            thread.start();
        }
    }

    synchronized void unwatch(Consumer<Entry> watcher) {
        watchers.remove(watcher);
        if (watchers.isEmpty()) {
            stop();
        }
    }

    /** Looks at the table soon; never blocks. */
    void wake() {
        if (!watchers.isEmpty() && written.availablePermits() == 0) {
            written.release();
        }
    }

    /** What lies after a cursor and is visible by now, in order, for one tenant or for all. */
    List<Entry> after(Cursor cursor, @Nullable String tenant, int limit) {
        return jdbc.query(
                """
                select *, tx::text::bigint as transaction
                from timeline
                where (tx, position) > (?::text::xid8, ?)
                and tx < pg_snapshot_xmin(pg_current_snapshot())
                and (?::text is null or tenant = ?)
                order by timeline.tx, timeline.position
                limit ?
                """,
                (row, index) -> new Entry(
                        new Cursor(row.getLong("transaction"), row.getLong("position")), Timeline.change(row)),
                String.valueOf(cursor.transaction()),
                cursor.position(),
                tenant,
                tenant,
                limit);
    }

    private void read(Cursor start) {
        var last = start;
        while (reader == Thread.currentThread()) {
            try {
                var found = after(last, null, BATCH);
                for (var entry : found) {
                    watchers.forEach(watcher -> watcher.accept(entry));
                    last = entry.cursor();
                }
                if (found.size() < BATCH) {
                    written.tryAcquire(EVERY_MILLIS, TimeUnit.MILLISECONDS);
                    written.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            } catch (DataAccessException e) {
                log.warn("changes can't be read at the moment: {}", e.getMessage());
                try {
                    TimeUnit.SECONDS.sleep(1);
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }

    @Override
    public void start() {}

    @Override
    public synchronized void stop() {
        // Not interrupted: it ends within one look, and an interrupt would break a database connection of the pool.
        reader = null;
    }

    @Override
    public boolean isRunning() {
        return reader != null;
    }
}
