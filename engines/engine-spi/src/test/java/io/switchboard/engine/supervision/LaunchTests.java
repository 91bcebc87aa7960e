package io.switchboard.engine.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchTests {

    @ParameterizedTest
    @CsvSource({"0, 60", "1, 120", "3, 480", "4, 960", "5, 960", "2000000000, 960"})
    void aStartMayTakeTwiceAsLongAfterEachFailureInARow(int failures, long seconds) {
        var launch = new Launch("t1", 0, failures, failures, "exited with code 1", Instant.EPOCH);

        assertThat(launch.graceEnd(Duration.ofSeconds(60))).isEqualTo(Instant.ofEpochSecond(seconds));
    }
}
