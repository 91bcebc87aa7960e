package io.switchboard.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Offers OPEN orders at a fixed rate over keep-alive connections. The latency of an order counts from the moment it was
 * due, so that an answer that holds up the connections shows in all orders that had to wait for one.
 *
 * <p>It speaks HTTP over plain sockets, because a complete client takes as much of the machine as the service under test.
 */
final class OrderLoad {

    private static final int NAME_DIGITS = 8;
    private static final int NO_ANSWER_AFTER_MILLIS = 30_000;

    private final int port;
    private final List<String> tokens;
    private final int connections;
    private final AtomicLong placed = new AtomicLong();

    /** @param tokens of the tenants that order in turn */
    OrderLoad(int port, List<String> tokens, int connections) {
        this.port = port;
        this.tokens = tokens;
        this.connections = connections;
    }

    /**
     * @param accepted orders answered 202
     * @param refused orders answered otherwise
     * @param seconds from the first order to the last answer
     * @param nanos latencies of the accepted ones
     */
    record Result(long accepted, long refused, double seconds, Histogram nanos) {

        double perSecond() {
            return accepted / seconds;
        }
    }

    /** The number that an order's instance name ends with, in the order they were due. */
    static int numberOf(String instanceName) {
        return Integer.parseInt(instanceName.substring(instanceName.length() - NAME_DIGITS));
    }

    /**
     * @param started told when each order is due, by its number
     * @throws IllegalStateException if a connection broke: what came over it is not known
     */
    Result offer(int rate, int seconds, Started started) throws InterruptedException {
        long first = placed.get();
        long last = first + (long) rate * seconds;
        var next = new AtomicLong(first);
        var accepted = new AtomicLong();
        var refused = new AtomicLong();
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var nanos = new ConcurrentHistogram(3);
        var done = new CountDownLatch(connections);
        long start = System.nanoTime();
        for (int worker = 0; worker < connections; worker++) {
            Thread.ofVirtual().start(() -> {
                try (var connection = new Connection()) {
                    for (long number = next.getAndIncrement(); number < last; number = next.getAndIncrement()) {
                        long due = start + (number - first) * 1_000_000_000L / rate;
                        sleepUntil(due);
                        started.due((int) number, due);
                        if (connection.order(number) == 202) {
                            nanos.recordValue(System.nanoTime() - due);
                            accepted.incrementAndGet();
                        } else {
                            refused.incrementAndGet();
                        }
                    }
                } catch (IOException | RuntimeException e) {
                    failures.add(e);
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.size() + " connections of the load broke", failures.peek());
        }
        placed.set(last);
        return new Result(accepted.get(), refused.get(), (System.nanoTime() - start) / 1e9, nanos);
    }

    /** Hears when an order is due. */
    @FunctionalInterface
    interface Started {
        void due(int number, long nanoTime);
    }

    private static void sleepUntil(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private final class Connection implements AutoCloseable {

        private HttpConnection http = opened();

        Connection() throws IOException {}

        private HttpConnection opened() throws IOException {
            return new HttpConnection(port, NO_ANSWER_AFTER_MILLIS);
        }

        int order(long number) throws IOException {
            if (http.isEnding()) {
                http.close();
                http = opened();
            }
            return http.send(request(number)).status();
        }

        private byte[] request(long number) {
            var name = String.format("o%0" + NAME_DIGITS + "d", number);
            var body = "{\"kind\":\"OPEN\",\"serviceType\":\"acd\",\"plan\":\"basic\",\"name\":\"" + name
                    + "\",\"loadProfile\":{\"agents\":20,\"callsPerHour\":600,\"averageHandlingSeconds\":180},"
                    + "\"parameters\":{\"queue\":\"support\",\"wrapUpSeconds\":15}}";
            var token = tokens.get((int) (number % tokens.size()));
            return ("POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                            + "\r\nIdempotency-Key: " + name + "\r\nContent-Type: application/json\r\nContent-Length: "
                            + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public void close() throws IOException {
            http.close();
        }
    }
}
