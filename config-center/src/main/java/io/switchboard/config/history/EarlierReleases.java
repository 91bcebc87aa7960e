package io.switchboard.config.history;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
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
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * All releases of the last time, if there is a database for them. Nothing that is in effect depends on it: the center starts, releases
 * and delivers without it. The data source is no bean of its own, so that its health is not the center's.
 */
@Component
public class EarlierReleases implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int AT_ONCE = 50;

    private final @Nullable HikariDataSource database;
    private final Duration keep;
    private final Clock clock;
    private volatile boolean migrated;

    EarlierReleases(HistoryProperties properties, Clock clock) {
        this.database = properties.url() == null || properties.url().isBlank() ? null : database(properties);
        this.keep = properties.keep();
        this.clock = clock;
    }

    private static HikariDataSource database(HistoryProperties properties) {
        var config = new HikariConfig();
        config.setJdbcUrl(properties.url());
        config.setUsername(properties.username());
        config.setPassword(properties.password());
        config.setSchema("config");
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.addDataSourceProperty("socketTimeout", "30");
        // Connects when it is first asked: the center starts before its database and without it.
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    public boolean isPresent() {
        return database != null;
    }

    /** Keeps them; one that is there under its number is replaced, as its application may be another one of that name. */
    public void add(Collection<Release> releases) {
        ask(jdbc -> add(jdbc, releases));
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

    /** Keeps these and no others; or what was there before, if they are not given to the end. */
    public void replaceAll(Giving giving) {
        ask(jdbc -> {
            var transactions = new TransactionTemplate(new DataSourceTransactionManager(
                    Objects.requireNonNull(jdbc.getJdbcTemplate().getDataSource())));
            return transactions.execute(status -> {
                jdbc.update("delete from config.release", Map.of());
                List<Release> some = new ArrayList<>();
                try {
                    giving.to(release -> {
                        some.add(release);
                        if (some.size() == AT_ONCE) {
                            add(jdbc, some);
                            some.clear();
                        }
                    });
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException("Not all earlier releases were given", e);
                }
                return add(jdbc, some);
            });
        });
    }

    /** Those of these numbers that are kept. */
    public Set<Long> numbers(NamespacePath path, Collection<Long> numbers) {
        return new HashSet<>(ask(jdbc -> jdbc.queryForList("""
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
        return ask(jdbc -> jdbc.query(
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
        return ask(jdbc -> jdbc.query(
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
            ask(jdbc -> jdbc.update(
                    "delete from config.release where application = :application",
                    Map.of("application", application(application))));
        }
    }

    /** Deletes what was made longer ago than it is to be kept; how much that was. */
    public int deleteOld() {
        Instant before = clock.instant().minus(keep);
        return ask(jdbc -> jdbc.update(
                "delete from config.release where made_at < :before", Map.of("before", Timestamp.from(before))));
    }

    private static MapSqlParameterSource key(NamespacePath path) {
        return new MapSqlParameterSource()
                .addValue("application", application(path))
                .addValue("namespace", path.stage() + "/" + path.namespace());
    }

    private static String application(NamespacePath path) {
        return path.tenant() + "/" + path.application();
    }

    /** @throws Problem {@link RequestProblem#UNAVAILABLE} if the database gave no answer */
    private <T> T ask(Function<NamedParameterJdbcTemplate, T> question) {
        HikariDataSource asked = database;
        if (asked == null) {
            throw new IllegalStateException("There is no database for earlier releases");
        }
        try {
            if (!migrated) {
                Flyway.configure()
                        .dataSource(asked)
                        .schemas("config")
                        .locations("classpath:db/config-center")
                        .load()
                        .migrate();
                migrated = true;
            }
            return question.apply(new NamedParameterJdbcTemplate(asked));
        } catch (DataAccessException | TransactionException | FlywayException e) {
            throw new Problem(RequestProblem.UNAVAILABLE, "The database that keeps older releases gave no answer.");
        }
    }

    @Override
    public void close() {
        if (database != null) {
            database.close();
        }
    }
}
