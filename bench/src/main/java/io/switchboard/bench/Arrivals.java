package io.switchboard.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** When the last of many clients had what was published. */
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
        private final AtomicLong last = new AtomicLong(Long.MIN_VALUE);

        Round(long number, int clients) {
            this.number = number;
            this.missing = new CountDownLatch(clients);
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
                current.last.accumulateAndGet(now, Math::max);
                current.missing.countDown();
            }
        }
    }

    /** From now on, that number or a later one counts. */
    void expect(long number) {
        round = new Round(number, clients);
    }

    /**
     * Nanoseconds from {@code since} until the last client had it.
     *
     * @throws IllegalStateException if one never got it
     */
    long awaitAll(long since) throws InterruptedException {
        Round current = round;
        if (!current.missing.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    current.missing.getCount() + " of " + clients + " clients missed " + current.number);
        }
        return current.last.get() - since;
    }
}
