package io.switchboard.scheduling.node;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Nodes that are emptied for maintenance, in table {@code drained_node}. */
@Repository
class DrainedNodes {

    private final JdbcTemplate jdbc;

    DrainedNodes(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Since when, by host. */
    Map<String, Instant> all() {
        var all = new TreeMap<String, Instant>();
        jdbc.query("select * from drained_node", row -> {
            all.put(row.getString("host"), row.getTimestamp("drained_at").toInstant());
        });
        return all;
    }

    /** Answers since when; one that is drained already stays so since then. */
    Instant add(String host, Instant at) {
        return Objects.requireNonNull(jdbc.queryForObject("""
                        insert into drained_node (host, drained_at)
                        values (?, ?)
                        on conflict (host) do update
                        set host = excluded.host
                        returning drained_at
                        """, Timestamp.class, host, Timestamp.from(at)))
                .toInstant();
    }

    /** Whether it was drained. */
    boolean remove(String host) {
        return jdbc.update("delete from drained_node where host = ?", host) > 0;
    }
}
