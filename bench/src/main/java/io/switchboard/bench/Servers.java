package io.switchboard.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.jspecify.annotations.Nullable;

/** Database and broker as the one-JVM installation runs them: everything durable, in a directory of their own. */
final class Servers implements AutoCloseable {

    static {
        // On JDK 24 and newer Netty avoids Unsafe, and then can't free the buffers in which Artemis compacts its
        // journal.
        if (System.getProperty("io.netty.noUnsafe") == null) {
            System.setProperty("io.netty.noUnsafe", "false");
        }
    }

    private final Path directory;
    private final @Nullable EmbeddedPostgres postgres;
    private final String jdbcUrl;
    private final EmbeddedActiveMQ broker;
    private final String brokerUrl;

    private Servers(
            Path directory,
            @Nullable EmbeddedPostgres postgres,
            String jdbcUrl,
            EmbeddedActiveMQ broker,
            String brokerUrl) {
        this.directory = directory;
        this.postgres = postgres;
        this.jdbcUrl = jdbcUrl;
        this.broker = broker;
        this.brokerUrl = brokerUrl;
    }

    static Servers start(Optional<String> databaseUrl) throws Exception {
        var directory = Files.createTempDirectory("switchboard-bench");
        var postgres = databaseUrl.isPresent() ? null : postgres(directory);
        var url = postgres == null ? databaseUrl.orElseThrow() : postgres.getJdbcUrl("postgres", "postgres");
        return new Servers(directory, postgres, url, broker(directory), "vm://0");
    }

    String jdbcUrl() {
        return jdbcUrl;
    }

    String brokerUrl() {
        return brokerUrl;
    }

    /** The embedded database's main process, which is no child of ours. */
    Optional<ProcessHandle> database() throws IOException {
        var pidFile = directory.resolve("postgres").resolve("postmaster.pid");
        return Files.exists(pidFile)
                ? ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(pidFile).getFirst().trim()))
                : Optional.empty();
    }

    private static EmbeddedPostgres postgres(Path directory) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("postgres"))
                // The library is made for tests and turns durability off.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("shared_buffers", "128MB")
                .start();
    }

    private static EmbeddedActiveMQ broker(Path directory) throws Exception {
        var configuration = new ConfigurationImpl()
                .setPersistenceEnabled(true)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(directory.resolve("journal").toString())
                .setBindingsDirectory(directory.resolve("bindings").toString())
                .setLargeMessagesDirectory(directory.resolve("large").toString())
                .setPagingDirectory(directory.resolve("paging").toString())
                .setGlobalMaxSize(64L << 20)
                .setSecurityEnabled(false)
                .addAcceptorConfiguration("vm", "vm://0")
                .addAddressSetting(
                        "#", new AddressSettings().setAutoDeleteQueues(false).setAutoDeleteAddresses(false));
        return new EmbeddedActiveMQ().setConfiguration(configuration).start();
    }

    @Override
    public void close() throws Exception {
        broker.stop();
        if (postgres != null) {
            postgres.close();
        }
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
