package io.switchboard.access.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HostAddressesTests {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final AtomicInteger changes = new AtomicInteger();

    private final Clock clock = new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    };

    @Test
    void anAddressNeedsNoResolver() {
        var addresses = addresses(host -> {
            throw new UnknownHostException(host);
        });

        assertThat(addresses.of("10.0.0.7")).isEqualTo("10.0.0.7");
        assertThat(addresses.of("fd00::7")).isEqualTo(addresses.of("FD00:0:0:0:0:0:0:7"));
        assertThatThrownBy(() -> addresses.of("10.0.0.777")).hasMessageContaining("has no address");
    }

    @Test
    void whatNobodyAsksForIsForgotten() {
        var asked = new AtomicInteger();
        var addresses = addresses(host -> {
            if (host.equals("old") && asked.incrementAndGet() > 1) {
                throw new UnknownHostException(host);
            }
            return "10.0.0.7";
        });
        awaitAddress(addresses, "old", "10.0.0.7");

        now.set(now.get().plus(Duration.ofHours(2)));
        awaitAddress(addresses, "other", "10.0.0.7");

        await().untilAsserted(
                        () -> assertThatThrownBy(() -> addresses.of("old")).hasMessageContaining("has no address"));
    }

    @Test
    void aSilentResolverKeepsNobodyWaitingForLong() {
        var silent = new CountDownLatch(1);
        var addresses = addresses(host -> {
            try {
                silent.await();
            } catch (InterruptedException e) {
                throw new UnknownHostException(host);
            }
            return "10.0.0.7";
        });

        long began = System.nanoTime();
        assertThatThrownBy(() -> addresses.of("node-7")).hasMessageContaining("isn't known yet");
        assertThatThrownBy(() -> addresses.of("node-7")).hasMessageContaining("isn't known yet");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(60));

        now.set(Instant.EPOCH.plusSeconds(5));
        silent.countDown();
        await().untilAsserted(() -> assertThat(changes).hasValue(1));
        assertThat(addresses.of("node-7")).isEqualTo("10.0.0.7");
    }

    @Test
    void aHostThatMovesIsFollowedAndOneThatIsUnknownForNowIsKept() {
        var answer = new AtomicReference<>("10.0.0.7");
        var addresses = addresses(host -> {
            if (answer.get().isEmpty()) {
                throw new UnknownHostException(host);
            }
            return answer.get();
        });
        awaitAddress(addresses, "node-7", "10.0.0.7");

        answer.set("10.0.0.8");
        assertThat(addresses.of("node-7")).isEqualTo("10.0.0.7");
        now.set(Instant.EPOCH.plusSeconds(31));
        addresses.of("node-7");
        await().untilAsserted(() -> assertThat(changes).hasValue(1));
        assertThat(addresses.of("node-7")).isEqualTo("10.0.0.8");

        answer.set("10.0.0.9");
        now.set(Instant.EPOCH.plusSeconds(62));
        addresses.refresh("node-7");
        await().untilAsserted(() -> assertThat(changes).hasValue(2));
        assertThat(addresses.of("node-7")).isEqualTo("10.0.0.9");

        answer.set("");
        now.set(Instant.EPOCH.plusSeconds(93));
        assertThat(addresses.of("node-7")).isEqualTo("10.0.0.9");
    }

    /** A thread that finds it may be kept waiting for longer than whoever asks has patience. */
    private static void awaitAddress(HostAddresses addresses, String host, String address) {
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(addresses.of(host)).isEqualTo(address));
    }

    private HostAddresses addresses(HostAddresses.Resolver resolver) {
        return new HostAddresses(clock, resolver, changes::incrementAndGet);
    }
}
