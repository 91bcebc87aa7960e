package io.switchboard.standalone.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL from a Maven artifact, with its data kept in a directory. */
public final class EmbeddedDatabase implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);

    private final EmbeddedPostgres postgres;

    private EmbeddedDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** Starts the server, after stopping one that an earlier, killed JVM left running on the same data. */
    public static EmbeddedDatabase start(Path directory, int port) throws IOException, InterruptedException {
        var data = directory.resolve("data");
        stopLeftover(data);
        Files.createDirectories(directory);
        return new EmbeddedDatabase(EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                // The launcher stops it, after the services that use it.
                .setRegisterShutdownHook(false)
                .setOverrideWorkingDirectory(directory.toFile())
                // The library is made for tests and turns durability off; an accepted order must survive a power cut.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "100")
                .setServerConfig("shared_buffers", "128MB")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setPGStartupWait(Duration.ofSeconds(30))
                .start());
    }

    public String jdbcUrl() {
        return postgres.getJdbcUrl("postgres", "postgres") + "&reWriteBatchedInserts=true";
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
