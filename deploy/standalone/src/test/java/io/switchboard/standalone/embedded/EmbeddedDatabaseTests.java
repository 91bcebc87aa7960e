package io.switchboard.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.switchboard.ports.FreePorts;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTests {

    private static final String PASSWORD = "of this test's only";

    @TempDir
    Path directory;

    @Test
    void whatIsCommittedIsOnDiskAndOutlivesAKilledParent() throws Exception {
        int port = FreePorts.next();
        var parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        directory.toString(),
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var output = parent.inputReader()) {
            assertThat(output.lines().filter(line -> line.startsWith("committed")))
                    .isNotEmpty();
        } finally {
            parent.destroyForcibly().waitFor();
        }
        long server = Long.parseLong(Files.readAllLines(directory.resolve("data/postmaster.pid"))
                .getFirst()
                .trim());
        assertThat(ProcessHandle.of(server).filter(ProcessHandle::isAlive)).isPresent();

        try (var second = EmbeddedDatabase.start(directory, port, PASSWORD)) {
            assertThat(query(second, "select what from kept")).isEqualTo("still here");
            assertThat(query(second, "show fsync")).isEqualTo("on");
            assertThat(query(second, "show synchronous_commit")).isEqualTo("on");
            assertThat(query(second, "show full_page_writes")).isEqualTo("on");
            assertThat(ProcessHandle.of(server).filter(ProcessHandle::isAlive)).isEmpty();
        }
    }

    @Test
    void nobodyGetsInWithoutThePassword() throws Exception {
        int port = FreePorts.next();
        try (var database = EmbeddedDatabase.start(directory, port, PASSWORD)) {
            assertThat(query(database, "select 'in'")).isEqualTo("in");
            assertRefused(database);
            assertThat(query(database, "show password_encryption")).isEqualTo("scram-sha-256");
            assertThat(query(database, "show unix_socket_directories")).isEmpty();
        }
        try (var files = Files.walk(directory.resolve("data"), 1)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).noneMatch(name -> name.contains("pg_hba.new"));
        }
        try (var files = Files.list(directory)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).noneMatch(name -> name.contains("password"));
        }
    }

    @Test
    void anInstallationThatTrustedEveryoneGetsThePasswordOnceAndKeepsItsData() throws Exception {
        int port = FreePorts.next();
        try (var old = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(directory.toFile())
                .start()) {
            try (var connection = old.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("create table kept as select 'from before' as what");
            }
        }

        for (int start = 1; start <= 2; start++) {
            try (var database = EmbeddedDatabase.start(directory, port, PASSWORD)) {
                assertThat(query(database, "select what from kept")).isEqualTo("from before");
                await().untilAsserted(() -> assertRefused(database));
            }
        }
    }

    private static void assertRefused(EmbeddedDatabase database) {
        for (var guess : List.of("", "guessed")) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), EmbeddedDatabase.USER, guess)
                            .close());
        }
    }

    /** The JVM that is killed: starts the server, commits, and hangs. */
    static final class Parent {

        public static void main(String[] args) throws Exception {
            var database = EmbeddedDatabase.start(Path.of(args[0]), Integer.parseInt(args[1]), PASSWORD);
            query(database, "create table kept as select 'still here' as what; select what from kept");
            System.out.println("committed");
            System.out.close();
            Thread.currentThread().join();
        }
    }

    private static String query(EmbeddedDatabase database, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), EmbeddedDatabase.USER, PASSWORD);
                var statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows) {
                rows = statement.getMoreResults();
            }
            var result = statement.getResultSet();
            result.next();
            return result.getString(1);
        }
    }
}
