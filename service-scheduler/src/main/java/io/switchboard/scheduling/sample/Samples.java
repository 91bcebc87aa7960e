package io.switchboard.scheduling.sample;

import io.switchboard.batching.Rows;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Samples of the last hours, in tables {@code capacity_series} and {@code capacity_sample}. */
public final class Samples {

    private static final String COLUMNS =
            Arrays.stream(Figure.values()).map(Figure::column).collect(Collectors.joining(", "));
    private static final int MOST_AT_ONCE = 1_000;

    /** Of a kind of work since a moment: five values and the moment, see {@link #of}. */
    private static final String OF_WORK = """
            from capacity_sample
            join capacity_series on id = series
            where service = ? and mode = ? and image = ?
              and (cast(? as text) is null or tenant = ?)
              and at > ?
            """;

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    Samples(JdbcTemplate jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** Work of an image whose samples are kept. */
    public record Measured(String service, String mode, String image, String tenant, long samples) {}

    /** Keeps samples; of two for the same task and moment the first stays. Answers how many were new. */
    public int add(Series series, List<Sample> samples) {
        if (samples.isEmpty()) {
            return 0;
        }
        return Objects.requireNonNull(transaction.execute(status -> {
            long id = id(series);
            int added = 0;
            for (int from = 0; from < samples.size(); from += MOST_AT_ONCE) {
                added += add(id, new Rows<>(samples.subList(from, Math.min(samples.size(), from + MOST_AT_ONCE))));
            }
            return added;
        }));
    }

    /** In one statement: of a batch, which the driver may rewrite, nobody says how many rows were new. */
    private int add(long series, Rows<Sample> rows) {
        var columns = Stream.concat(
                Stream.of(rows.column(Sample::at)),
                Arrays.stream(Figure.values())
                        .map(figure -> rows.column(sample -> sample.figures().get(figure))));
        return jdbc.update(
                """
                insert into capacity_sample (series, at, %s)
                select %d, *
                from unnest(?::timestamptz[]%s)
                on conflict do nothing
                """.formatted(COLUMNS, series, ", ?::real[]".repeat(Figure.values().length)), columns.toArray());
    }

    private long id(Series series) {
        var key = new Object[] {series.service(), series.mode(), series.image(), series.tenant(), series.task()};
        jdbc.update("""
                insert into capacity_series (service, mode, image, tenant, task)
                values (?, ?, ?, ?, ?)
                on conflict do nothing
                """, key);
        return Objects.requireNonNull(jdbc.queryForObject("""
                select id
                from capacity_series
                where service = ? and mode = ? and image = ? and tenant = ? and task = ?
                """, Long.class, key));
    }

    /** Work with samples since a moment, and how many. */
    public List<Measured> measuredSince(Instant since) {
        return jdbc.query(
                """
                select service, mode, image, tenant, count(*) as samples
                from capacity_sample
                join capacity_series on id = series
                where at > ?
                group by service, mode, image, tenant
                order by service, mode, image, tenant
                """,
                (row, number) -> new Measured(
                        row.getString("service"),
                        row.getString("mode"),
                        row.getString("image"),
                        row.getString("tenant"),
                        row.getLong("samples")),
                Timestamp.from(since));
    }

    /**
     * How many there are of a kind of work since a moment.
     *
     * @param tenant only this one's; all tenants' if it is null
     */
    public long count(String service, String mode, String image, @Nullable String tenant, Instant since) {
        return Objects.requireNonNull(
                jdbc.queryForObject("select count(*) " + OF_WORK, Long.class, of(service, mode, image, tenant, since)));
    }

    /** Samples of a kind of work since a moment, by task and time. */
    public List<Sample> since(String service, String mode, String image, @Nullable String tenant, Instant since) {
        var found = new ArrayList<Sample>();
        read(service, mode, image, tenant, since, (task, sample) -> found.add(sample));
        return found;
    }

    /**
     * The same as a file of measurements.
     *
     * @param tenant only this one's; all tenants' if it is null
     */
    public String csv(String service, String mode, String image, @Nullable String tenant, Instant since) {
        var csv = new StringBuilder("service,codec,lifetime,timestamp,")
                .append(COLUMNS.replace(" ", ""))
                .append('\n');
        var head = Stream.of(service, mode)
                .map(text -> '"' + text.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(","));
        read(service, mode, image, tenant, since, (task, sample) -> {
            csv.append(head).append(',').append(task).append(',');
            csv.append(sample.at().toEpochMilli() / 1000.0);
            for (var figure : Figure.values()) {
                var value = sample.figures().get(figure);
                csv.append(',').append(value == null ? "" : value);
            }
            csv.append('\n');
        });
        return csv.toString();
    }

    private interface Reader {
        void row(long task, Sample sample);
    }

    private void read(
            String service, String mode, String image, @Nullable String tenant, Instant since, Reader reader) {
        jdbc.query(
                "select capacity_sample.* " + OF_WORK + " order by series, at",
                row -> {
                    var figures = new EnumMap<Figure, Double>(Figure.class);
                    for (var figure : Figure.values()) {
                        float value = row.getFloat(figure.column());
                        if (!row.wasNull()) {
                            figures.put(figure, (double) value);
                        }
                    }
                    reader.row(
                            row.getLong("series"),
                            new Sample(row.getTimestamp("at").toInstant(), figures));
                },
                of(service, mode, image, tenant, since));
    }

    private static @Nullable Object[] of(
            String service, String mode, String image, @Nullable String tenant, Instant since) {
        return new @Nullable Object[] {service, mode, image, tenant, tenant, Timestamp.from(since)};
    }
}
