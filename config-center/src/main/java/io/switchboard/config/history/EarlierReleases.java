package io.switchboard.config.history;

import io.switchboard.configprotocol.DamagedContent;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * All releases of the last time, if there is a database for them. Nothing that is in effect depends on it: the center starts and delivers
 * while it gives no answer.
 */
@Component
public class EarlierReleases {

    private static final int AT_ONCE = 50;
    private static final String TABLE = "config.release";

    private final Database database;
    private final Duration keep;
    private final Clock clock;

    EarlierReleases(Database database, HistoryProperties properties, Clock clock) {
        this.database = database;
        this.keep = properties.keep();
        this.clock = clock;
    }

    public boolean isPresent() {
        return database.isPresent();
    }

    /** Keeps them; one that is there under its number is replaced, as its application may be another one of that name. */
    public void add(Collection<Release> releases) {
        database.ask(jdbc -> add(jdbc, releases));
    }

    private static int add(NamedParameterJdbcTemplate jdbc, Collection<Release> releases) {
        return jdbc.batchUpdate(
                        """
                insert into config.release (application, namespace, number, made_at, content)
                values (:application, :namespace, :number, :at, :content)
                on conflict (application, namespace, number)
                do update set made_at = excluded.made_at, content = excluded.content
                """,
                        releases.stream()
                                .map(release -> key(release.path())
                                        .addValue("number", release.number())
                                        .addValue("at", Timestamp.from(release.at()))
                                        .addValue("content", release.encode()))
                                .toArray(SqlParameterSource[]::new))
                .length;
    }

    /** Gives releases, one after the other. */
    @FunctionalInterface
    public interface Giving {
        void to(Consumer<Release> keeping) throws Exception;
    }

    /** Whether somebody may still do what he has begun; fails if not. */
    @FunctionalInterface
    public interface Check {
        void check() throws Exception;
    }

    /**
     * Keeps these and no others, some at a time; what was done before it was cut off does no harm to the next one.
     *
     * @param holder who does it, unlike any other; whoever began before writes nothing any more from then on
     * @param check once nobody else could begin later unseen
     */
    public void replaceAll(String holder, Check check, Giving giving) {
        database.ask(jdbc -> jdbc.update("update config.restoring set holder = :holder", Map.of("holder", holder)));
        try {
            // Perhaps another one began before that was written.
            check.check();
            while (held(holder, jdbc -> Database.deleteSome(jdbc, TABLE, "true", Map.of())) > 0) {
                // There may be more.
            }
            List<Release> some = new ArrayList<>();
            giving.to(release -> {
                some.add(release);
                if (some.size() == AT_ONCE) {
                    held(holder, jdbc -> add(jdbc, some));
                    some.clear();
                }
            });
            held(holder, jdbc -> add(jdbc, some));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Not all earlier releases were given", e);
        }
    }

    /** Done whole or not at all; and before the next one begins, or not at all. */
    private int held(String holder, Function<NamedParameterJdbcTemplate, Integer> change) {
        return database.ask(jdbc -> {
            var transactions = new TransactionTemplate(new DataSourceTransactionManager(
                    Objects.requireNonNull(jdbc.getJdbcTemplate().getDataSource())));
            return Objects.requireNonNull(transactions.execute(status -> {
                if (jdbc.queryForList(
                                "select holder from config.restoring where holder = :holder for share",
                                Map.of("holder", holder))
                        .isEmpty()) {
                    throw new Problem(RequestProblem.CONFLICT, "Another restore writes earlier releases by now.");
                }
                return change.apply(jdbc);
            }));
        });
    }

    /** Those of these numbers that are kept. */
    public Set<Long> numbers(NamespacePath path, Collection<Long> numbers) {
        return new HashSet<>(
                database.ask(jdbc -> jdbc.queryForList("""
                select number from config.release
                where application = :application and namespace = :namespace and number in (:numbers)
                """, key(path).addValue("numbers", numbers), Long.class)));
    }

    /** Empty if it is not kept, or there is no database for it. */
    public Optional<Release> find(NamespacePath path, long number) {
        return isPresent()
                ? before(path, number + 1, 1).stream()
                        .filter(release -> release.number() == number)
                        .findFirst()
                : Optional.empty();
    }

    /** The newest first; none if there is no database for them. */
    public List<Release> before(NamespacePath path, long number, int most) {
        if (!isPresent()) {
            return List.of();
        }
        return database
                .ask(jdbc -> jdbc.query(
                        """
                        select content from config.release
                        where application = :application and namespace = :namespace and number < :number
                        order by number desc
                        limit :most
                        """,
                        key(path).addValue("number", number).addValue("most", most),
                        (row, index) -> row.getBytes("content")))
                .stream()
                .map(content -> decoded(path, content))
                .toList();
    }

    /** The oldest first, of those between two numbers. */
    public List<Release> between(NamespacePath path, long after, long below, int most) {
        return database
                .ask(jdbc -> jdbc.query(
                        """
                        select content from config.release
                        where application = :application and namespace = :namespace
                            and number > :after and number < :below
                        order by number
                        limit :most
                        """,
                        key(path)
                                .addValue("after", after)
                                .addValue("below", below)
                                .addValue("most", most),
                        (row, index) -> row.getBytes("content")))
                .stream()
                .map(content -> decoded(path, content))
                .toList();
    }

    private static Release decoded(NamespacePath path, byte[] content) {
        try {
            return Release.decode(content);
        } catch (DamagedContent e) {
            throw new IllegalStateException("An earlier release of " + path + " is damaged: " + e.getMessage(), e);
        }
    }

    /** @param application any namespace of it */
    public void delete(NamespacePath application) {
        if (isPresent()) {
            database.deleteAll(TABLE, "application = :application", Map.of("application", application(application)));
        }
    }

    /** Deletes what was made longer ago than it is to be kept; how much that was. */
    public int deleteOld() {
        Instant before = clock.instant().minus(keep);
        return database.deleteAll(TABLE, "made_at < :before", Map.of("before", Timestamp.from(before)));
    }

    private static MapSqlParameterSource key(NamespacePath path) {
        return new MapSqlParameterSource()
                .addValue("application", application(path))
                .addValue("namespace", path.stage() + "/" + path.namespace());
    }

    private static String application(NamespacePath path) {
        return path.tenant() + "/" + path.application();
    }
}
