package io.switchboard.scheduling.sample;

import java.time.LocalDate;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** What is left of samples that are long gone. */
public final class History {

    private final JdbcTemplate jdbc;

    History(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Quantiles of a month's minutes at like loads.
     *
     * @param month its first day
     * @param fromCalls the least of the calls at once; twice as many are the next entry's
     * @param resource {@code cpu} in thousandths of a core, {@code mem} in kilobytes
     * @param minutes how many there were
     */
    public record Entry(
            String image,
            String tenant,
            LocalDate month,
            int fromCalls,
            String resource,
            long minutes,
            long median,
            long p99,
            long most) {}

    /** Of a kind of work, by image, tenant, month and load. */
    public List<Entry> of(String service, String mode) {
        return jdbc.query(
                """
                select *
                from capacity_quantiles
                where service = ? and mode = ?
                order by image, tenant, month, resource, band
                limit 10000
                """,
                (row, number) -> {
                    var sketch = Quantiles.of(row.getBytes("sketch"));
                    return new Entry(
                            row.getString("image"),
                            row.getString("tenant"),
                            row.getDate("month").toLocalDate(),
                            row.getInt("band"),
                            row.getString("resource"),
                            sketch.count(),
                            sketch.at(0.5),
                            sketch.at(0.99),
                            sketch.at(1));
                },
                service,
                mode);
    }
}
