package io.switchboard.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** When many clients had what was published, up to the last. */
final class Arrivals {

    private static final long LONGEST_SECONDS = 120;

    private final int clients;
    private volatile Round round = new Round(Long.MAX_VALUE, 0);

    Arrivals(int clients) {
        this.clients = clients;
    }

    private static final class Round {
        private final long number;
        private final CountDownLatch missing;
        private final AtomicInteger arrived = new AtomicInteger();
        private final AtomicLongArray times;

        Round(long number, int clients) {
            this.number = number;
            this.missing = new CountDownLatch(clients);
            this.times = new AtomicLongArray(clients);
        }

        void has(long now) {
            times.set(arrived.getAndIncrement(), now);
            missing.countDown();
        }
    }

    /** One client's eyes; only one thread at a time calls it. */
    final class Client {

        private long counted = -1;

        /** This client has that number now. */
        void has(long number) {
            long now = System.nanoTime();
            Round current = round;
            if (number >= current.number && counted < current.number) {
                counted = current.number;
                current.has(now);
            }
        }
    }

    /** From now on, that number or a later one counts. */
    void expect(long number) {
        round = new Round(number, clients);
    }

    /** Nanoseconds from the publication until that client had it. */
    record Waits(long first, long middle, long last) {}

    /**
     * What the clients waited from {@code since} on.
     *
     * @throws IllegalStateException if one never got it
     */
    Waits awaitAll(long since) throws InterruptedException {
        Round current = round;
        if (!current.missing.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    current.missing.getCount() + " of " + clients + " clients missed " + current.number);
        }
        long[] waits = IntStream.range(0, clients)
                .mapToLong(client -> current.times.get(client) - since)
                .sorted()
                .toArray();
        return new Waits(waits[0], waits[clients / 2], waits[clients - 1]);
    }
}
