package io.switchboard.config.history;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * What is kept longer than ZooKeeper keeps it, if there is a database for it. The data source is no bean of its own, so that its health is
 * not the center's.
 */
@Component
public class Database implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Database.class);

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int AT_ONCE = 3;

    public static final int DELETED_AT_ONCE = 1_000;

    private final @Nullable HikariDataSource source;

    /** Kept for what no change goes without, however many ask for something that takes long. */
    private final @Nullable HikariDataSource reserved;

    private volatile boolean migrated;
    /** Why it doesn't is said once. */
    private final AtomicBoolean answers = new AtomicBoolean(true);

    Database(HistoryProperties properties) {
        boolean present = properties.url() != null && !properties.url().isBlank();
        this.source = present ? source(properties) : null;
        this.reserved = present ? source(properties) : null;
    }

    private static HikariDataSource source(HistoryProperties properties) {
        var config = new HikariConfig();
        config.setJdbcUrl(properties.url());
        config.setUsername(properties.username());
        config.setPassword(properties.password());
        config.setSchema("config");
        config.setMaximumPoolSize(AT_ONCE);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.addDataSourceProperty("socketTimeout", "30");
        // Connects when it is first asked: the center starts before its database and without it.
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    public boolean isPresent() {
        return source != null;
    }

    /** So that the first call need not wait for it; if there is no answer now, whoever asks next does it. */
    @EventListener(ApplicationReadyEvent.class)
    void migrate() {
        if (isPresent()) {
            try {
                ask(jdbc -> true);
            } catch (Problem e) {
                log.warn("{} Nothing can be changed until it does.", e.detail());
            }
        }
    }

    /** @throws Problem {@link RequestProblem#UNAVAILABLE} if the database gave no answer */
    public <T> T ask(Function<NamedParameterJdbcTemplate, T> question) {
        return ask(source, question);
    }

    /** As {@link #ask}, on connections that nobody else takes, for at most three at once. */
    public <T> T askReserved(Function<NamedParameterJdbcTemplate, T> question) {
        return ask(reserved, question);
    }

    /**
     * Deletes all rows of a kind, some at a time, so that each statement has a bounded time.
     *
     * @param condition that they meet, with names of values
     * @return how many there were
     * @throws Problem as with {@link #ask}; some of them may be gone then
     */
    public int deleteAll(String table, String condition, Map<String, ?> values) {
        int all = 0;
        int some;
        do {
            some = ask(jdbc -> deleteSome(jdbc, table, condition, values));
            all += some;
        } while (some > 0);
        return all;
    }

    /** {@value #DELETED_AT_ONCE} of them at most; how many there were. */
    static int deleteSome(NamedParameterJdbcTemplate jdbc, String table, String condition, Map<String, ?> values) {
        return jdbc.update(
                "delete from %1$s where ctid = any(array(select ctid from %1$s where %2$s limit %3$d))"
                        .formatted(table, condition, DELETED_AT_ONCE),
                values);
    }

    private <T> T ask(@Nullable HikariDataSource asked, Function<NamedParameterJdbcTemplate, T> question) {
        if (asked == null) {
            throw new IllegalStateException("The config center has no database");
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
            T answer = question.apply(new NamedParameterJdbcTemplate(asked));
            answers.set(true);
            return answer;
        } catch (DataAccessException | TransactionException | FlywayException e) {
            if (answers.getAndSet(false)) {
                log.warn("the config center's database gives no answer", e);
            }
            throw new Problem(RequestProblem.UNAVAILABLE, "The config center's database gave no answer.");
        }
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
        if (reserved != null) {
            reserved.close();
        }
    }
}
