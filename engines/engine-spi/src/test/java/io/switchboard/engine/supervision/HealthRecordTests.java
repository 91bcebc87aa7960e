package io.switchboard.engine.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.supervision.HealthRecord.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HealthRecordTests {

    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    @Test
    void startsUntilACheckPasses() {
        assertThat(HealthRecord.NONE.verdict()).isEqualTo(Verdict.STARTING);
        assertThat(HealthRecord.NONE.passed(NOON).verdict()).isEqualTo(Verdict.READY);
    }

    @Test
    void failuresWithinTheGraceDontCount() {
        assertThat(failed(HealthRecord.NONE, 50, true).verdict()).isEqualTo(Verdict.STARTING);
    }

    @Test
    void whatIsNotReadyByThenIsLostAfterThreeMore() {
        assertThat(failed(HealthRecord.NONE, 2, false).verdict()).isEqualTo(Verdict.STARTING);
        assertThat(failed(HealthRecord.NONE, 3, false).verdict()).isEqualTo(Verdict.LOST);
    }

    @Test
    void oneOrTwoFailuresAreForgiven() {
        HealthRecord twice = failed(HealthRecord.NONE.passed(NOON), 2, false);

        assertThat(twice.verdict()).isEqualTo(Verdict.READY);
        assertThat(twice.passed(NOON).failures()).isZero();
    }

    @Test
    void threeAreUnhealthyAndSixAreLost() {
        HealthRecord ready = HealthRecord.NONE.passed(NOON);

        assertThat(failed(ready, 3, false).verdict()).isEqualTo(Verdict.UNHEALTHY);
        assertThat(failed(ready, 5, false).verdict()).isEqualTo(Verdict.UNHEALTHY);
        assertThat(failed(ready, 6, false).verdict()).isEqualTo(Verdict.LOST);
        assertThat(failed(ready, 3, false).why()).isEqualTo("503, 3 times in a row");
    }

    @Test
    void graceIsOverOnceItWasReady() {
        assertThat(failed(HealthRecord.NONE.passed(NOON), 3, true).verdict()).isEqualTo(Verdict.UNHEALTHY);
    }

    @Test
    void knowsForHowLongItWasReady() {
        HealthRecord record = HealthRecord.NONE.passed(NOON).passed(NOON.plusSeconds(90));

        assertThat(failed(record, 6, false).readyFor()).isEqualTo(Duration.ofSeconds(90));
    }

    private static HealthRecord failed(HealthRecord record, int times, boolean starting) {
        return times == 0 ? record : failed(record.failed("503", starting), times - 1, starting);
    }
}
