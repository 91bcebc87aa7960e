package io.switchboard.scheduling.leadership;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The epochs, in the one row of table {@code leadership}: beside the data they protect, so that they outlive ZooKeeper.
 * All times in it are the database's, and only ever compared with one another.
 */
final class Epochs {

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    Epochs(JdbcTemplate jdbc, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /**
     * @param sinceConfirmed how long ago the leader before confirmed its lease; empty if it has given it up
     */
    record Taken(long epoch, Optional<Duration> sinceConfirmed) {}

    /** Begins an epoch. From its commit on every write that carries an earlier one is refused. */
    Taken next(String leader) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var sinceConfirmed = Objects.requireNonNull(jdbc.queryForObject(
                    """
                    select (extract(epoch from clock_timestamp() - confirmed_at) * 1000)::bigint
                    from leadership
                    for update
                    """,
                    (row, index) -> Optional.ofNullable((Long) row.getObject(1)).map(Duration::ofMillis)));
            var epoch = jdbc.queryForObject("""
                    update leadership
                    set epoch = epoch + 1, leader = ?, since = clock_timestamp(), confirmed_at = clock_timestamp()
                    returning epoch
                    """, Long.class, leader);
            return new Taken(Objects.requireNonNull(epoch), sinceConfirmed);
        }));
    }

    /** Says that the leader of the epoch lives; answers false if a later one has begun. */
    boolean confirm(long epoch) {
        return jdbc.update("update leadership set confirmed_at = clock_timestamp() where epoch = ?", epoch) == 1;
    }

    /** Lets the next leader begin without waiting for this one's lease to run out. */
    void giveUp(long epoch) {
        jdbc.update("update leadership set confirmed_at = null where epoch = ?", epoch);
    }
}
