package io.switchboard.standalone.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class GuessesTests {

    private Instant now = Instant.parse("2026-11-27T08:00:00Z");
    private final Guesses guesses = new Guesses(((InstantSource) () -> now).withZone(ZoneOffset.UTC));

    @Test
    void aFewAreFreeAndThenEachWaitsTwiceAsLong() {
        for (int free = 0; free < 5; free++) {
            assertThat(guesses.begin("ada", "10.0.0.1")).isZero();
        }
        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900}) {
            assertThat(guesses.begin("ada", "10.0.0.1")).isEqualTo(Duration.ofSeconds(seconds));
            now = now.plusSeconds(seconds);
            assertThat(guesses.begin("ada", "10.0.0.1")).isZero();
        }
    }

    @Test
    void whoIsElsewhereIsNotLockedOut() {
        wrong("ada", "10.0.0.1", 5);

        assertThat(guesses.begin("ada", "10.0.0.1")).isPositive();
        assertThat(guesses.begin("ada", "10.0.0.2")).isZero();
        assertThat(guesses.begin("bob", "10.0.0.1")).isZero();
    }

    @Test
    void onePasswordOnManyNamesIsGuessingToo() {
        for (int name = 0; name < 50; name++) {
            wrong("name" + name, "10.0.0.1", 1);
        }

        assertThat(guesses.begin("another", "10.0.0.1")).isPositive();
        assertThat(guesses.begin("another", "10.0.0.2")).isZero();
    }

    @Test
    void aRightPasswordStartsAfresh() {
        wrong("ada", "10.0.0.1", 4);
        assertThat(guesses.begin("ada", "10.0.0.1")).isZero();
        guesses.right("ada", "10.0.0.1");

        wrong("ada", "10.0.0.1", 5);
        assertThat(guesses.begin("ada", "10.0.0.1")).isPositive();
    }

    @Test
    void manyRightOnesFromOneAddressNeverWait() {
        for (int login = 0; login < 500; login++) {
            assertThat(guesses.begin("name" + login % 7, "10.0.0.1")).isZero();
            guesses.right("name" + login % 7, "10.0.0.1");
        }
    }

    @Test
    void whatNobodyCouldCheckDoesNotCount() {
        for (int outage = 0; outage < 100; outage++) {
            assertThat(guesses.begin("ada", "10.0.0.1")).isZero();
            guesses.untold("ada", "10.0.0.1");
        }
    }

    @Test
    void anIdleHourForgets() {
        wrong("ada", "10.0.0.1", 5);
        now = now.plus(Duration.ofMinutes(61));

        wrong("ada", "10.0.0.1", 5);
        assertThat(guesses.begin("ada", "10.0.0.1")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anIpv6NetworkCountsAsOneAddress() {
        wrong("ada", "2001:db8:0:1:0:0:0:1", 5);

        assertThat(guesses.begin("ada", "2001:db8:0:1:a:b:c:d")).isPositive();
        assertThat(guesses.begin("ada", "2001:db8:0:2:0:0:0:1")).isZero();
    }

    private void wrong(String name, String address, int times) {
        for (int time = 0; time < times; time++) {
            assertThat(guesses.begin(name, address)).isZero();
        }
    }
}
