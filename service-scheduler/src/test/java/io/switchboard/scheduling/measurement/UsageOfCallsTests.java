package io.switchboard.scheduling.measurement;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.Task;
import io.switchboard.engine.Usage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two minutes from a task's start are left out, and what is older than one. */
class UsageOfCallsTests {

    private static final Instant NOW = Instant.parse("2026-11-27T08:00:00Z");
    private static final MeasurementProperties PROPERTIES =
            new MeasurementProperties(true, Duration.ofSeconds(10), 1, 1, Duration.ofMinutes(2), Duration.ofMinutes(1));

    private static Optional<Usage> of(long measuredSecondsAgo, long startedSecondsAgo) {
        var usage = new Usage(250, 300, ago(measuredSecondsAgo));
        var task = new Task("a", "10.0.0.1", Map.of(), Task.State.READY, "", ago(startedSecondsAgo), 0);
        return new UsageOfCalls(
                        Optional.of(() -> any -> Optional.of(usage)), PROPERTIES, Clock.fixed(NOW, ZoneOffset.UTC))
                .latest()
                .of(task);
    }

    private static Instant ago(long seconds) {
        return NOW.minusSeconds(seconds);
    }

    @Test
    void aTasksStartIsLeftOut() {
        assertThat(of(0, 119)).isEmpty();
        assertThat(of(5, 124)).isEmpty();
        assertThat(of(0, 120)).isPresent();
    }

    @Test
    void whatIsTooOldIsLeftOut() {
        assertThat(of(61, 3600)).isEmpty();
        assertThat(of(60, 3600)).isPresent();
    }
}
