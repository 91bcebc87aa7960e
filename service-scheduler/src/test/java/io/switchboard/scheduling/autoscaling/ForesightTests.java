package io.switchboard.scheduling.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.capacity.demand.DayShape;
import io.switchboard.capacity.scaling.Expected;
import io.switchboard.contracts.scheduling.AutoscalingApi.Mode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForesightTests {

    /** A Monday. */
    private static final Instant TEN = Instant.parse("2026-03-02T10:00:00Z");

    private static final Duration LEAD = Duration.ofMinutes(3);

    private static Expected at(Instant now, Optional<DayShape> shape, ZoneId zone, Map<Instant, Double> most) {
        var said = new Autoscaling(Mode.ACT, Optional.empty(), Optional.empty(), shape, zone, Optional.empty());
        return new Foresight(249, said, most).at(now, LEAD);
    }

    @Test
    void theBusiestHalfHourHasWhatWasOrdered() {
        assertThat(at(TEN, Optional.of(DayShape.OFFICE), ZoneOffset.UTC, Map.of())
                        .ordered())
                .hasValueSatisfying(calls -> assertThat(calls).isBetween(248.0, 250.0));
    }

    @Test
    void theNextHalfHourCountsAsSoonAsTasksMustStartForIt() {
        var shape = Optional.of(DayShape.OFFICE);

        double early = at(TEN.minusSeconds(240), shape, ZoneOffset.UTC, Map.of())
                .ordered()
                .orElseThrow();
        double late = at(TEN.minusSeconds(170), shape, ZoneOffset.UTC, Map.of())
                .ordered()
                .orElseThrow();

        assertThat(early)
                .as("three quarters of the calls, and their deviations")
                .isBetween(187.0, 192.0);
        assertThat(late).isGreaterThan(240);
    }

    @Test
    void theShapeIsOfItsTimeZone() {
        assertThat(at(TEN, Optional.of(DayShape.OFFICE), ZoneId.of("America/New_York"), Map.of())
                        .ordered())
                .as("five in the morning there")
                .hasValue(0.0);
    }

    @Test
    void aWeeksShapeBeginsOnMonday() {
        var week = Optional.of(DayShape.OFFICE.week(0, 0));

        assertThat(at(TEN, week, ZoneOffset.UTC, Map.of()).ordered())
                .hasValueSatisfying(c -> assertThat(c).isPositive());
        assertThat(at(TEN.minus(Duration.ofDays(1)), week, ZoneOffset.UTC, Map.of())
                        .ordered())
                .as("a Sunday")
                .hasValue(0.0);
    }

    @Test
    void earlierWeeksAreAveragedOverThoseThatWereSeen() {
        var most = Map.of(
                TEN.minus(Duration.ofDays(7)), 30.0,
                TEN.minus(Duration.ofDays(14)), 50.0,
                TEN.minus(Duration.ofDays(1)), 1_000.0);

        assertThat(at(TEN.plusSeconds(60), Optional.empty(), ZoneOffset.UTC, most)
                        .usual())
                .hasValue(40.0);
        assertThat(at(TEN.plusSeconds(60), Optional.empty(), ZoneOffset.UTC, most)
                        .ordered())
                .isEmpty();
        assertThat(at(TEN, Optional.empty(), ZoneOffset.UTC, Map.of()).usual()).isEmpty();
    }

    @Test
    void todayIsJudgedByItsLastTwoWholeHalfHours() {
        var most =
                Map.of(TEN.minus(Duration.ofMinutes(30)), 60.0, TEN.minus(Duration.ofMinutes(60)), 70.0, TEN, 1_000.0);

        var expected = at(TEN.plusSeconds(600), Optional.of(DayShape.OFFICE), ZoneOffset.UTC, most);

        assertThat(expected.seenBefore()).hasValue(70.0);
        assertThat(expected.orderedBefore())
                .hasValueSatisfying(calls -> assertThat(calls).isBetween(187.0, 192.0));
    }
}
