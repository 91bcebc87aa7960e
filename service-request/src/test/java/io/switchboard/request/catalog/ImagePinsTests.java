package io.switchboard.request.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.request.RequestTest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestConstructor;

@RequestTest
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class ImagePinsTests {

    private final JdbcClient jdbc;

    ImagePinsTests(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Test
    void aRefreshThatReadBeforeAPinDoesNotPutTheOldImageBack() throws Exception {
        var time = new HeldClock();
        var pins = new ImagePins(jdbc, time, Map.of());
        pins.pin("pinned-late", "platform/old", "operator");
        time.now = time.now.plus(Duration.ofMinutes(1));
        var refresh = time.hold(() -> pins.image("pinned-late"));
        var pin = Thread.ofVirtual().start(() -> pins.pin("pinned-late", "platform/new", "operator"));
        pin.join(Duration.ofSeconds(2));

        time.release.countDown();
        refresh.join();
        pin.join();

        assertThat(pins.image("pinned-late")).hasValue("platform/new");
    }

    /** A refresh asks for the time before it reads and after; the one that is held is held after. */
    private static final class HeldClock extends Clock {

        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private volatile Instant now = Instant.EPOCH;
        private final ThreadLocal<Integer> asked = ThreadLocal.withInitial(() -> Integer.MIN_VALUE);

        Thread hold(Runnable refresh) throws InterruptedException {
            var thread = Thread.ofVirtual().start(() -> {
                asked.set(0);
                refresh.run();
            });
            held.await();
            return thread;
        }

        @Override
        public Instant instant() {
            asked.set(asked.get() + 1);
            if (asked.get() == 2) {
                held.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
