package io.switchboard.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.ports.FreePorts;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Two schedulers as two processes, with the settings they are delivered with. */
class LeadershipProcessTests {

    private static final Logger log = LoggerFactory.getLogger(LeadershipProcessTests.class);

    private static final JsonMapper JSON = new JsonMapper();

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<SchedulerProcess> schedulers = new ArrayList<>();
    private JdbcTemplate jdbc;
    private JMSContext orders;
    private List<String> arguments = List.of();

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws Exception {
        var postgres = opened(EmbeddedPostgres.start());
        var zookeeper = opened(new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, 1_000, -1), true));
        int port = FreePorts.next();
        var broker = new EmbeddedActiveMQ()
                .setConfiguration(new ConfigurationImpl()
                        .setPersistenceEnabled(false)
                        .setSecurityEnabled(false)
                        .addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + port))
                .start();
        open.add(broker::stop);
        var url = "tcp://127.0.0.1:" + port;
        orders = opened(opened(new ActiveMQConnectionFactory(url)).createContext(JMSContext.AUTO_ACKNOWLEDGE));
        jdbc = new JdbcTemplate(postgres.getPostgresDatabase());
        arguments = List.of(
                "--server.port=0",
                "--scheduler.engine=memory",
                "--scheduler.config-access.enabled=false",
                // A leader looks at everything when it begins, and here at nothing without being told afterwards.
                "--scheduler.reconcile.every=1h",
                "--spring.cloud.zookeeper.connect-string=" + zookeeper.getConnectString(),
                "--spring.artemis.broker-url=" + url,
                "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                "--spring.datasource.username=postgres");
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    @AfterEach
    void stop() throws Exception {
        for (var scheduler : schedulers) {
            scheduler.close();
        }
        for (var each : open.reversed()) {
            each.close();
        }
    }

    private SchedulerProcess scheduler() throws IOException {
        var started = SchedulerProcess.start(directory.resolve("scheduler-" + schedulers.size() + ".log"), arguments);
        schedulers.add(started);
        return started;
    }

    @Test
    void aKilledLeaderIsFollowedWithinSecondsAndOneThatStoodStillStepsAside() throws Exception {
        var first = scheduler();
        awaitLeader(first);
        var second = scheduler();
        awaitRunning(1);
        long epoch = epoch();
        int handled = 0;
        // Half of them are taken by the one that doesn't lead, which has to tell the other.
        for (; handled < 20; handled++) {
            send(Orders.open(UUID.randomUUID(), 1_000));
        }
        awaitStarted(handled);

        long killed = System.nanoTime();
        first.signal("KILL");
        send(Orders.open(UUID.randomUUID(), 1_000));
        handled++;
        awaitStarted(handled);
        log.info("kill -9 of the leader to the next one's first engine call: {} ms", millisSince(killed));
        assertThat(leader()).startsWith(second.pid() + "@");
        assertThat(epoch()).isEqualTo(epoch + 1);

        var third = scheduler();
        awaitRunning(2);
        long stopped = System.nanoTime();
        second.signal("STOP");
        awaitLeader(third);
        log.info("the leader stands still until another leads: {} ms", millisSince(stopped));
        // The broker has given some of them to the one that stands still.
        for (int number = 0; number < 10; number++) {
            send(Orders.open(UUID.randomUUID(), 1_000));
        }
        int before = handled;
        await().until(() -> started() > before);
        handled += 10;

        second.signal("CONT");
        await().until(() -> logOf(1).contains("epoch " + (epoch + 1) + " ends"));
        awaitStarted(handled);
        assertThat(epoch()).isEqualTo(epoch + 2);
        assertThat(leader()).startsWith(third.pid() + "@");
        assertThat(logOf(1)).doesNotContain("could not be looked at");
        // It stands by, and is chosen when it is needed.
        third.signal("KILL");
        awaitLeader(second);
        assertThat(epoch()).isEqualTo(epoch + 3);
    }

    private String logOf(int scheduler) throws IOException {
        return Files.readString(directory.resolve("scheduler-" + scheduler + ".log"));
    }

    private void send(OrderMessage order) throws JMSException {
        var message = orders.createTextMessage(JSON.writeValueAsString(order));
        message.setStringProperty("JMSXGroupID", order.instanceId().toString());
        orders.createProducer().send(orders.createQueue(OrderMessage.QUEUE), message);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private void awaitLeader(SchedulerProcess one) {
        await().ignoreExceptions()
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> leader().startsWith(one.pid() + "@"));
    }

    private void awaitRunning(int scheduler) {
        await().until(() -> logOf(scheduler).contains(": Started "));
    }

    /** Until as many deployments were published with tasks: the engine had been asked before. */
    private void awaitStarted(int deployments) {
        await().pollInterval(20, TimeUnit.MILLISECONDS).until(() -> started() == deployments);
    }

    private int started() {
        return Objects.requireNonNull(jdbc.queryForObject(
                "select count(*) from scheduling.deployment where snapshot_sequence > 0", Integer.class));
    }

    private String leader() {
        return Objects.requireNonNull(jdbc.queryForObject("select leader from scheduling.leadership", String.class));
    }

    private long epoch() {
        return Objects.requireNonNull(jdbc.queryForObject("select epoch from scheduling.leadership", Long.class));
    }
}
