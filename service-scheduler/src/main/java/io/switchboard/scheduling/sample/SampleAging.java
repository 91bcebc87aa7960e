package io.switchboard.scheduling.sample;

import java.sql.Date;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes what is old smaller: seconds become minutes, minutes become quantiles, and those end. Any number of processes may
 * do so at once: rows that another one has locked are passed over.
 */
final class SampleAging {

    private static final Logger log = LoggerFactory.getLogger(SampleAging.class);
    private static final int MINUTES_AT_ONCE = 2_000;
    /** Sketches hold whole numbers: thousandths of a core, and kilobytes. */
    private static final double CPU_GRAIN = 1_000;

    private static final double MEMORY_GRAIN = 1e-3;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final SampleProperties properties;
    private final Clock clock;

    SampleAging(JdbcTemplate jdbc, TransactionTemplate transaction, SampleProperties properties, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.properties = properties;
        this.clock = clock;
    }

    void round() {
        var now = clock.instant();
        int minutes = samplesToMinutes(now.minus(properties.seconds()));
        int sketched = 0;
        int some = minutesToQuantiles(now.minus(properties.minutes()));
        while (some > 0) {
            sketched += some;
            some = minutesToQuantiles(now.minus(properties.minutes()));
        }
        jdbc.update(
                "delete from capacity_quantiles where month < ?",
                Date.valueOf(LocalDate.ofInstant(now.minus(properties.quantiles()), ZoneOffset.UTC)));
        jdbc.update("""
                delete from capacity_series
                where not exists (select from capacity_sample where series = id)
                  and not exists (select from capacity_minute where series = id)
                """);
        if (minutes + sketched > 0) {
            log.info("{} minutes of samples were summed up, {} became quantiles", minutes, sketched);
        }
    }

    /** An hour at a time; what comes later for a minute that is summed up already is not counted. */
    private int samplesToMinutes(Instant before) {
        var until = before.truncatedTo(ChronoUnit.MINUTES);
        int all = 0;
        var oldest = oldest();
        while (oldest != null && oldest.toInstant().isBefore(until)) {
            var hour = oldest.toInstant().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.MINUTES);
            all += jdbc.update("""
                    with moved as (
                        delete from capacity_sample
                        where at < ?
                        returning *)
                    insert into capacity_minute
                        (series, minute, samples, concurrent_calls, cpu_mean, cpu_peak, mem_mean, mem_peak)
                    select series, date_trunc('minute', at), count(*), avg(concurrent_calls),
                        avg(cpu_cores_used), max(cpu_cores_used), avg(mem_bytes), max(mem_bytes)
                    from moved
                    group by series, date_trunc('minute', at)
                    on conflict do nothing
                    """, Timestamp.from(hour.isBefore(until) ? hour : until));
            oldest = oldest();
        }
        return all;
    }

    private @Nullable Timestamp oldest() {
        return jdbc.queryForObject("select min(at) from capacity_sample", Timestamp.class);
    }

    private record Band(
            String service, String mode, String image, String tenant, LocalDate month, int band, String resource) {}

    private int minutesToQuantiles(Instant before) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var sketches = new HashMap<Band, Quantiles>();
            var rows = jdbc.query(
                    """
                    with moved as (
                        delete from capacity_minute
                        where (series, minute) in (
                            select series, minute
                            from capacity_minute
                            where minute < ?
                            order by minute
                            limit ?
                            for update skip locked)
                        returning *)
                    select service, mode, image, tenant, moved.*
                    from moved
                    join capacity_series on id = series
                    """,
                    (row, number) -> {
                        double calls = row.getDouble("concurrent_calls");
                        for (var resource : List.of("cpu", "mem")) {
                            double mean = row.getDouble(resource + "_mean");
                            if (!row.wasNull()) {
                                var band = new Band(
                                        row.getString("service"),
                                        row.getString("mode"),
                                        row.getString("image"),
                                        row.getString("tenant"),
                                        LocalDate.ofInstant(
                                                        row.getTimestamp("minute")
                                                                .toInstant(),
                                                        ZoneOffset.UTC)
                                                .withDayOfMonth(1),
                                        band(calls),
                                        resource);
                                sketches.computeIfAbsent(band, any -> Quantiles.none())
                                        .add(Math.round(mean * (resource.equals("cpu") ? CPU_GRAIN : MEMORY_GRAIN)));
                            }
                        }
                        return number;
                    },
                    Timestamp.from(before),
                    MINUTES_AT_ONCE);
            sketches.forEach(this::merge);
            return rows.size();
        }));
    }

    /** The power of two at or below, 0 below one. */
    static int band(double calls) {
        return calls < 1 ? 0 : Integer.highestOneBit((int) Math.min(calls, 1 << 30));
    }

    /** The first statement also holds the row against another process. */
    private void merge(Band band, Quantiles more) {
        var key = new Object[] {
            band.service, band.mode, band.image, band.tenant, Date.valueOf(band.month), band.band, band.resource
        };
        var known = Quantiles.of(
                Objects.requireNonNull(jdbc.queryForObject("""
                insert into capacity_quantiles (sketch, service, mode, image, tenant, month, band, resource)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (service, mode, image, tenant, month, band, resource) do update
                set sketch = capacity_quantiles.sketch
                returning sketch
                """, byte[].class, with(Quantiles.none(), key))));
        known.add(more);
        jdbc.update("""
                update capacity_quantiles
                set sketch = ?
                where service = ? and mode = ? and image = ? and tenant = ? and month = ? and band = ? and resource = ?
                """, with(known, key));
    }

    private static Object[] with(Quantiles sketch, Object[] key) {
        return Stream.concat(Stream.of(sketch.bytes()), Stream.of(key)).toArray();
    }
}
