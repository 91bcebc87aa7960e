package io.switchboard.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/** A database that says nothing, with the settings that all services start from. */
@Timeout(60)
class DatabaseTimeoutTests {

    @Test
    void theDefaultsReachTheDriver() {
        try (var context = start("jdbc:postgresql://127.0.0.1:1/none")) {
            assertThat(context.getBean(HikariDataSource.class).getDataSourceProperties())
                    .containsEntry("connectTimeout", "5")
                    .containsEntry("socketTimeout", "60")
                    .containsEntry("tcpKeepAlive", "true");
        }
    }

    @Test
    void aServerThatAcceptsAndNeverAnswersIsGivenUp() throws Exception {
        Collection<Socket> accepted = new ConcurrentLinkedQueue<>();
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var context = start(
                        "jdbc:postgresql://127.0.0.1:" + server.getLocalPort() + "/none",
                        "--spring.datasource.hikari.data-source-properties.socketTimeout=1")) {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        accepted.add(server.accept());
                    }
                } catch (IOException closed) {
                    // The test is over.
                }
            });
            var settings = context.getBean(HikariDataSource.class);
            long began = System.nanoTime();

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(
                            () -> DriverManager.getConnection(settings.getJdbcUrl(), settings.getDataSourceProperties())
                                    .close());

            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began))
                    .isLessThan(20);
            assertThat(accepted).isNotEmpty();
            for (var socket : accepted) {
                socket.close();
            }
        }
    }

    @Test
    void aStatementWithoutAnAnswerIsGivenUpAndTheNextOneIsAnswered() throws Exception {
        try (var postgres = EmbeddedPostgres.start();
                var context = start(
                        postgres.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres",
                        "--spring.datasource.hikari.data-source-properties.socketTimeout=1")) {
            var database = context.getBean(HikariDataSource.class);
            try (var connection = database.getConnection();
                    var statement = connection.createStatement()) {
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> statement.execute("select pg_sleep(30)"));
            }
            try (var connection = database.getConnection();
                    var statement = connection.createStatement()) {
                assertThat(statement.execute("select 1")).isTrue();
            }
        }
    }

    private static ConfigurableApplicationContext start(String url, String... arguments) {
        return new SpringApplicationBuilder(DataSourceAutoConfiguration.class)
                .web(WebApplicationType.NONE)
                .properties("spring.config.name=no-service", "spring.datasource.url=" + url)
                .run(arguments);
    }
}
