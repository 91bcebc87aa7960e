package io.switchboard.engine.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTests {

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "3,4", "6,32", "7,60", "8,60", "1000000,60"})
    void doublesUpToAMinute(int failures, int seconds) {
        assertThat(Backoff.STANDARD.delay(failures)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void startsAfreshAfterAMinuteOfHealth() {
        assertThat(Backoff.STANDARD.failures(5, Duration.ofSeconds(60))).isEqualTo(1);
        assertThat(Backoff.STANDARD.failures(5, Duration.ofSeconds(59))).isEqualTo(6);
    }
}
