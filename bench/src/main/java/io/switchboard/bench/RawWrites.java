package io.switchboard.bench;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSContext;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * The baseline: what an order costs at the very least if it is written by itself. Each thread inserts one row and
 * commits, then sends one durable message, again and again, as fast as database and broker take it.
 */
final class RawWrites {

    private static final String BODY = "x".repeat(900);

    private RawWrites() {}

    /**
     * Pairs of one commit and one send per second, over all threads.
     *
     * @throws IllegalStateException if a thread failed: a baseline of fewer threads would flatter what stands beside it
     */
    static double perSecond(Servers servers, int threads, int seconds) throws SQLException, InterruptedException {
        try (var connection = servers.connect();
                var statement = connection.createStatement()) {
            statement.execute("drop table if exists raw_orders");
            statement.execute("create table raw_orders (id uuid primary key, tenant text, body text)");
            double perSecond = perSecond(servers, threads, seconds, new AtomicLong());
            statement.execute("drop table raw_orders");
            return perSecond;
        }
    }

    private static double perSecond(Servers servers, int threads, int seconds, AtomicLong pairs)
            throws InterruptedException {
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var done = new CountDownLatch(threads);
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        try (var broker = new ActiveMQConnectionFactory(servers.brokerUrl())) {
            for (int thread = 0; thread < threads; thread++) {
                Thread.ofPlatform().daemon().start(() -> {
                    try {
                        write(servers, broker, end, pairs);
                    } catch (SQLException | RuntimeException e) {
                        failures.add(e);
                    } finally {
                        done.countDown();
                    }
                });
            }
            done.await();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.size() + " threads of the baseline failed", failures.peek());
        }
        return pairs.get() / ((System.nanoTime() - start) / 1e9);
    }

    private static void write(Servers servers, ActiveMQConnectionFactory broker, long end, AtomicLong pairs)
            throws SQLException {
        try (var connection = servers.connect();
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
}
