package io.switchboard.bench;

import io.switchboard.ports.FreePorts;
import io.switchboard.standalone.embedded.EmbeddedBroker;
import io.switchboard.standalone.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Database and broker as the one-JVM installation runs them: everything durable, in a directory of their own. */
final class Servers implements AutoCloseable {

    private final WorkDirectory directory;
    private final @Nullable EmbeddedDatabase database;
    private final String jdbcUrl;
    private final String password;
    private final EmbeddedBroker broker;

    private Servers(
            WorkDirectory directory,
            @Nullable EmbeddedDatabase database,
            String jdbcUrl,
            String password,
            EmbeddedBroker broker) {
        this.directory = directory;
        this.database = database;
        this.jdbcUrl = jdbcUrl;
        this.password = password;
        this.broker = broker;
    }

    /** @param databaseUrl a JDBC URL, with user and password, of a database to use instead of an embedded one */
    static Servers start(Optional<String> databaseUrl) throws Exception {
        var directory = WorkDirectory.create();
        var password = UUID.randomUUID().toString();
        var broker = EmbeddedBroker.start(directory.path().resolve("broker"));
        if (databaseUrl.isPresent()) {
            return UntilExit.open(new Servers(directory, null, databaseUrl.get(), "", broker));
        }
        var database = EmbeddedDatabase.start(directory.path().resolve("postgresql"), FreePorts.next(), password);
        return UntilExit.open(new Servers(directory, database, database.jdbcUrl(), password, broker));
    }

    String jdbcUrl() {
        return jdbcUrl;
    }

    String password() {
        return password;
    }

    String brokerUrl() {
        return EmbeddedBroker.URL;
    }

    Connection connect() throws SQLException {
        @Nullable
        Connection connection = database == null
                ? DriverManager.getConnection(jdbcUrl)
                : DriverManager.getConnection(jdbcUrl, EmbeddedDatabase.USER, password);
        if (connection == null) {
            throw new SQLException("no driver for the database");
        }
        return connection;
    }

    /** The embedded database's main process, which is no child of ours. */
    Optional<ProcessHandle> database() throws IOException {
        var pidFile = directory.path().resolve("postgresql").resolve("data").resolve("postmaster.pid");
        return Files.exists(pidFile)
                ? ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(pidFile).getFirst().trim()))
                : Optional.empty();
    }

    @Override
    public void close() throws Exception {
        if (!UntilExit.closes(this)) {
            return;
        }
        broker.close();
        if (database != null) {
            database.close();
        }
        directory.close();
    }
}
