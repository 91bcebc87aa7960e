package io.switchboard.bench;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * The baseline: what an order costs at the very least if it is written by itself. Each thread inserts one row and
 * commits, then sends one durable message, again and again, as fast as database and broker take it.
 */
final class RawWrites {

    private static final String BODY = "x".repeat(900);

    private RawWrites() {}

    /** Pairs of one commit and one send per second, over all threads. */
    static double perSecond(String jdbcUrl, String brokerUrl, int threads, int seconds)
            throws SQLException, InterruptedException {
        try (var connection = connect(jdbcUrl);
                var statement = connection.createStatement()) {
            statement.execute("create table raw_orders (id uuid primary key, tenant text, body text)");
        }
        var pairs = new AtomicLong();
        var done = new CountDownLatch(threads);
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        try (var broker = new ActiveMQConnectionFactory(brokerUrl)) {
            for (int thread = 0; thread < threads; thread++) {
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        write(jdbcUrl, broker, end, pairs);
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    } finally {
                        done.countDown();
                    }
                });
            }
            done.await();
        }
        return pairs.get() / ((System.nanoTime() - start) / 1e9);
    }

    private static void write(String jdbcUrl, ActiveMQConnectionFactory broker, long end, AtomicLong pairs)
            throws SQLException {
        try (var connection = connect(jdbcUrl);
                var insert = connection.prepareStatement("insert into raw_orders (id, tenant, body) values (?, ?, ?)");
                var context = broker.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
            var producer = context.createProducer().setDeliveryMode(DeliveryMode.PERSISTENT);
            var queue = context.createQueue("raw");
            while (System.nanoTime() < end) {
                insert.setObject(1, UUID.randomUUID());
                insert.setString(2, "bench");
                insert.setString(3, BODY);
                insert.executeUpdate();
                producer.send(queue, BODY);
                pairs.incrementAndGet();
            }
        }
    }

    private static Connection connect(String jdbcUrl) throws SQLException {
        @Nullable Connection connection = DriverManager.getConnection(jdbcUrl, "postgres", "");
        if (connection == null) {
            throw new SQLException("no driver for the database");
        }
        return connection;
    }
}
