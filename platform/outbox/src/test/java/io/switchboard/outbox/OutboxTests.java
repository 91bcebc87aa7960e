package io.switchboard.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class OutboxTests {

    private static EmbeddedPostgres postgres;
    private static EmbeddedActiveMQ broker;
    private static ConnectionFactory connections;
    private static JdbcTemplate jdbc;
    private static TransactionTemplate transaction;

    private OutboxRelay relay;
    private Outbox outbox;

    @BeforeAll
    static void startServers() throws Exception {
        postgres = EmbeddedPostgres.start();
        var database = postgres.getPostgresDatabase();
        jdbc = new JdbcTemplate(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        jdbc.execute(new ClassPathResource("db/outbox/outbox.sql").getContentAsString(StandardCharsets.UTF_8));
        var configuration = new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .addAcceptorConfiguration("vm", "vm://7");
        broker = new EmbeddedActiveMQ().setConfiguration(configuration).start();
        connections = new ActiveMQConnectionFactory("vm://7");
    }

    @AfterAll
    static void stopServers() throws Exception {
        broker.stop();
        postgres.close();
    }

    @BeforeEach
    void startRelay() {
        relay = new OutboxRelay(
                jdbc, transaction, connections, new OutboxProperties(10, Duration.ZERO, Duration.ofMillis(200)));
        outbox = new JdbcOutbox(jdbc, relay::wake);
        relay.start();
    }

    @AfterEach
    void stopRelay() {
        relay.stop();
    }

    @Test
    void whatIsCommittedArrivesInOrderWithItsGroup() throws Exception {
        transaction.executeWithoutResult(status -> outbox.append(IntStream.range(0, 35)
                .mapToObj(i -> OutboxMessage.toQueue("in-order", "one", String.valueOf(i)))
                .toList()));

        var received = receive("in-order", 35);

        assertThat(bodies(received))
                .containsExactlyElementsOf(
                        IntStream.range(0, 35).mapToObj(String::valueOf).toList());
        assertThat(received.getFirst().getStringProperty("JMSXGroupID")).isEqualTo("one");
        await().untilAsserted(() -> assertThat(stored()).isZero());
    }

    @Test
    void whatIsRolledBackNeverArrives() throws Exception {
        transaction.executeWithoutResult(status -> {
            outbox.append(List.of(OutboxMessage.toQueue("rolled-back", "one", "never")));
            status.setRollbackOnly();
        });
        transaction.executeWithoutResult(
                status -> outbox.append(List.of(OutboxMessage.toQueue("rolled-back", "one", "after"))));

        assertThat(bodies(receive("rolled-back", 1))).containsExactly("after");
    }

    @Test
    void whatATransactionSaysOnATopicIsOneMessageAsFarAsItsSizeAllows() throws Exception {
        var long1 = "\"" + "x".repeat(20_000) + "\"";
        var subscriber = connections.createContext(JMSContext.AUTO_ACKNOWLEDGE);
        try (subscriber;
                var consumer = subscriber.createConsumer(subscriber.createTopic("together"))) {
            transaction.executeWithoutResult(status -> outbox.append(List.of(
                    OutboxMessage.toTopic("together", "1"),
                    OutboxMessage.toTopic("together", "{\"two\": 2}"),
                    OutboxMessage.toTopic("together", long1),
                    OutboxMessage.toTopic("together", long1))));

            assertThat(consumer.receiveBody(String.class, 5_000)).isEqualTo("[1,{\"two\": 2}," + long1 + "]");
            assertThat(consumer.receiveBody(String.class, 5_000)).isEqualTo("[" + long1 + "]");
        }
    }

    @Test
    void storingOutsideATransactionIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> outbox.append(List.of(OutboxMessage.toTopic("nowhere", "{}"))));
    }

    @Test
    void twoRelaysSendEachMessageOnce() throws Exception {
        var second = new OutboxRelay(
                jdbc, transaction, connections, new OutboxProperties(10, Duration.ZERO, Duration.ofMillis(5)));
        second.start();
        try {
            for (int i = 0; i < 50; i++) {
                int number = i;
                transaction.executeWithoutResult(status ->
                        outbox.append(List.of(OutboxMessage.toQueue("two-relays", "one", String.valueOf(number)))));
            }
            assertThat(bodies(receive("two-relays", 50)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 50).mapToObj(String::valueOf).toList());
        } finally {
            second.stop();
        }
    }

    private static long stored() throws IOException {
        var rows = jdbc.queryForObject("select count(*) from outbox", Long.class);
        return rows == null ? -1 : rows;
    }

    private static List<Message> receive(String queue, int count) {
        var received = new ArrayList<Message>();
        try (JMSContext jms = connections.createContext();
                var consumer = jms.createConsumer(jms.createQueue(queue))) {
            while (received.size() < count) {
                var message = consumer.receive(5_000);
                if (message == null) {
                    break;
                }
                received.add(message);
            }
            var extra = consumer.receive(200);
            if (extra != null) {
                received.add(extra);
            }
        }
        return received;
    }

    private static List<String> bodies(List<Message> messages) throws Exception {
        var bodies = new ArrayList<String>();
        for (var message : messages) {
            bodies.add(message.getBody(String.class));
        }
        return bodies;
    }
}
