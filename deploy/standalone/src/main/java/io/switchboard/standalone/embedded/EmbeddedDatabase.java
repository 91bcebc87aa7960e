package io.switchboard.standalone.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL from a Maven artifact, with its data kept in a directory. Whoever connects shows a password, over TCP on the
 * loopback address; there is no socket in the file system.
 */
public final class EmbeddedDatabase implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);

    /** The one role there is. */
    public static final String USER = "postgres";

    private static final String METHOD = "scram-sha-256";
    /** A line of {@code pg_hba.conf} that lets somebody in without a password. */
    private static final Pattern TRUSTING = Pattern.compile("(?m)^([^#\\n]*\\S\\s+)trust\\s*$");

    private final EmbeddedPostgres postgres;
    private final int port;

    private EmbeddedDatabase(EmbeddedPostgres postgres, int port) {
        this.postgres = postgres;
        this.port = port;
    }

    /**
     * Starts the server, after stopping one that an earlier, killed JVM left running on the same data. Data whose
     * {@code pg_hba.conf} still trusts anyone gets this password, once, and asks for it from then on.
     *
     * @param password what {@link #USER} shows
     * @throws IOException if the server does not start, or has another password
     */
    public static EmbeddedDatabase start(Path directory, int port, String password)
            throws IOException, InterruptedException {
        var data = directory.resolve("data");
        stopLeftover(data);
        Files.createDirectories(directory);
        var passwordFile = secretFile(directory, password);
        try {
            return protectedBy(
                    password, data, new EmbeddedDatabase(server(directory, port, password, passwordFile), port));
        } catch (IOException e) {
            // One that runs but can't be used.
            stopLeftover(data);
            throw new IOException(explained(data, e), e);
        } finally {
            Files.delete(passwordFile);
        }
    }

    private static EmbeddedPostgres server(Path directory, int port, String password, Path passwordFile)
            throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(directory.resolve("data"))
                // These go to initdb, which reads them on the first start only; without them it would trust everyone.
                .setLocaleConfig("auth-host", METHOD)
                .setLocaleConfig("auth-local", METHOD)
                .setLocaleConfig("pwfile", passwordFile.toAbsolutePath().toString())
                .setConnectConfig("password", password)
                .setCleanDataDirectory(false)
                // The launcher stops it, after the services that use it.
                .setRegisterShutdownHook(false)
                .setOverrideWorkingDirectory(directory.toFile())
                // The library is made for tests and turns durability off; an accepted order must survive a power cut.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "100")
                // What it says of a failed row would bring the row's values into our log.
                .setServerConfig("log_error_verbosity", "terse")
                .setServerConfig("shared_buffers", "128MB")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setPGStartupWait(Duration.ofSeconds(30))
                .start();
    }

    /** Without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?reWriteBatchedInserts=true";
    }

    /** Takes data of an installation that was made before there was a password. */
    private static EmbeddedDatabase protectedBy(String password, Path data, EmbeddedDatabase database)
            throws IOException {
        var rules = data.resolve("pg_hba.conf");
        var before = Files.readString(rules);
        var after = TRUSTING.matcher(before).replaceAll("$1" + METHOD);
        if (after.equals(before)) {
            return database;
        }
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), USER, password);
                var statement = connection.createStatement()) {
            log.info("the database trusted every user of this machine; from now on it asks for a password");
            statement.execute("alter role " + USER + " password '" + password.replace("'", "''") + "'");
            var next = Files.createTempFile(data, "pg_hba", ".new");
            Files.writeString(next, after);
            Files.move(next, rules, StandardCopyOption.ATOMIC_MOVE);
            statement.execute("select pg_reload_conf()");
            return database;
        } catch (SQLException | IOException e) {
            database.close();
            throw new IOException("the database's password can't be set: " + e.getMessage(), e);
        }
    }

    private static String explained(Path data, IOException failure) {
        return failure.getMessage() + ". If its log says that the password is wrong: restore the secrets file of this"
                + " installation, or write 'trust' for '" + METHOD + "' in " + data.resolve("pg_hba.conf")
                + " and start again, which sets the password that is in the secrets file now";
    }

    private static Path secretFile(Path directory, String content) throws IOException {
        var file = Files.createTempFile(
                directory,
                "password",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content);
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }

    private static void stopLeftover(Path data) throws IOException, InterruptedException {
        var pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        var lines = Files.readAllLines(pidFile);
        if (lines.isEmpty()) {
            return;
        }
        long pid = Long.parseLong(lines.getFirst().trim());
        var server = ProcessHandle.of(pid)
                .filter(process -> process.info().command().orElse("").endsWith("postgres"));
        if (server.isEmpty()) {
            return;
        }
        log.info("stopping the database server of an earlier run, pid {}", pid);
        // SIGINT is PostgreSQL's fast shutdown: it rolls back what is open and doesn't wait for clients.
        new ProcessBuilder("kill", "-INT", Long.toString(pid)).start().waitFor();
        try {
            server.get().onExit().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the database server of an earlier run, pid " + pid + ", does not stop", e);
        }
    }
}
