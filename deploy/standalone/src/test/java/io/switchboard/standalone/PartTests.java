package io.switchboard.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PartTests {

    @Test
    @Timeout(20)
    void aPartThatNeverStopsHoldsNothingUp() throws Exception {
        var never = new CountDownLatch(1);
        // Deaf to the interrupt too, as some libraries are.
        var deaf = new Part("deaf", () -> {
            while (never.getCount() > 0) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.interrupted();
                }
            }
        });
        var closed = new AtomicBoolean();

        deaf.stop(Duration.ofMillis(100));
        new Part("next", () -> closed.set(true)).stop(Duration.ofSeconds(10));
        never.countDown();

        assertThat(closed).isTrue();
    }

    @Test
    void aPartThatFailsToStopDoesNotFailTheOthers() throws Exception {
        new Part("broken", () -> {
                    throw new IllegalStateException("already gone");
                })
                .stop(Duration.ofSeconds(10));
    }
}
