package io.switchboard.capacity.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.Load;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class DemandTests {

    private static final LoadProfile SHOP = new LoadProfile(60, 900, 240, 120, DayShape.OFFICE, Assumptions.USUAL);

    @Test
    void aDayHasFortyEightHalfHoursAndItsNightIsQuiet() {
        var demands = Demand.of(SHOP);

        assertThat(demands).hasSize(48);
        assertThat(demands.getFirst().loads()).isEmpty();
        assertThat(demands.get(20).loads()).isNotEmpty();
        assertThat(Demand.of(new LoadProfile(60, 900, 240, 0, DayShape.OFFICE.week(0.3, 0), Assumptions.USUAL)))
                .hasSize(336);
    }

    @Test
    void callsSpreadOverTheServicesByLittlesLaw() {
        var exact = new Assumptions(60, 0.3, 120, 0.25, 0.5, 2, 0.1, 600, 0.33, 0, 0);
        var busiest = Demand.of(new LoadProfile(80, 900, 240, 120, DayShape.FLAT, exact))
                .getFirst();
        double menu = 900 / 3600.0 * 60;
        double queued = 900 / 3600.0 * 0.7;
        double talking = queued * (1 - busiest.queue().abandoning()) * 240;

        assertThat(calls(busiest.loads(), "ivr", "G.711 menu+DTMF")).isCloseTo(menu, within(1.0));
        assertThat(calls(busiest.loads(), "acd", "queue+bridge")).isCloseTo(talking, within(2.0));
        assertThat(calls(busiest.loads(), "recording", "PCM file")).isCloseTo(talking * 0.5 * 2, within(1.0));
        assertThat(calls(busiest.loads(), "video", "1:1 VP8 400k")).isCloseTo(talking * 0.1, within(1.0));
        assertThat(calls(busiest.loads(), "voice-rtp", "G.711>Opus transcode"))
                .isCloseTo((menu + talking) * 0.25, within(2.0));
        assertThat(calls(busiest.loads(), "web-chat", "1:1 chat")).isCloseTo(20, within(1.0));
    }

    @Test
    void aPeakIsTheMeanAndTwiceItsSpread() {
        var plain = new Assumptions(60, 1, 120, 0, 0, 2, 0, 600, 0.33, 0, 2);
        var demand = Demand.of(new LoadProfile(1, 6_000, 240, 0, DayShape.FLAT, plain))
                .getFirst();

        // 6,000 calls an hour of 60 s are 100 erlangs; 100 + 2·√100 = 120.
        assertThat(calls(demand.loads(), "ivr", "G.711 menu+DTMF")).isEqualTo(120);
    }

    @Test
    void thePeakOfTheDayIsItsBusiestHalfHour() {
        var demands = Demand.of(SHOP);
        var peak = Demand.peak(demands);

        for (var demand : demands) {
            demand.loads()
                    .forEach((kind, load) -> assertThat(load.values().get(Driver.CALLS))
                            .isLessThanOrEqualTo(Objects.requireNonNull(peak.get(kind))
                                    .values()
                                    .get(Driver.CALLS)));
        }
    }

    @Test
    void whatCannotBeIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LoadProfile(0, 900, 240, 0, DayShape.FLAT, Assumptions.USUAL))
                .withMessageContaining("agents");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DayShape(List.of(1.0)))
                .withMessageContaining("48");
    }

    private static double calls(SortedMap<Kind, Load> loads, String service, String mode) {
        var load = Objects.requireNonNull(loads.get(new Kind(service, mode)), service);
        return Objects.requireNonNull(load.values().get(Driver.CALLS));
    }
}
