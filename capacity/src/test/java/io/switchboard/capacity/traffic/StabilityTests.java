package io.switchboard.capacity.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StabilityTests {

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.3, 1, 17, 250, 4_000, 30_000, 100_000})
    void everyFormulaHoldsFromAHundredthToAHundredThousandErlangs(double erlangs) {
        int lines = ErlangB.lines(erlangs, 0.01);
        assertThat(ErlangB.blocking(lines, erlangs)).isPositive().isLessThanOrEqualTo(0.01);
        assertThat(ErlangB.blocking(lines - 1, erlangs)).isGreaterThan(0.01);

        int agents = ErlangC.agents(erlangs, 240, 20, 0.8);
        assertThat(ErlangC.serviceLevel(agents, erlangs, 240, 20)).isBetween(0.8, 1.0);
        assertThat(agents == 1 || ErlangC.serviceLevel(agents - 1, erlangs, 240, 20) < 0.8)
                .isTrue();

        int patient = ErlangA.agents(erlangs, 240, 120, 20, 0.8);
        assertThat(patient).isLessThanOrEqualTo(agents);
        assertThat(new ErlangA(patient, erlangs, 240, 120).serviceLevel(20)).isBetween(0.8, 1.0);
        assertThat(patient == 1 || new ErlangA(patient - 1, erlangs, 240, 120).serviceLevel(20) < 0.8)
                .isTrue();
    }

    @Test
    void deepOverloadLosesWhatIsTooMuch() {
        var queue = new ErlangA(1_000, 100_000, 240, 60).queue();

        assertThat(queue.waiting()).isCloseTo(1, within(1e-9));
        assertThat(queue.abandoning()).isCloseTo(0.99, within(1e-6));
        assertThat(queue.occupancy()).isCloseTo(1, within(1e-9));
    }

    @Test
    void callersWithEndlessPatienceMeetErlangC() {
        var queue = new ErlangA(14, 10, 180, 1e9).queue();

        assertThat(queue.waiting()).isCloseTo(ErlangC.waiting(14, 10), within(1e-6));
        assertThat(queue.meanWaitSeconds()).isCloseTo(ErlangC.queue(14, 10, 180).meanWaitSeconds(), within(1e-4));
        assertThat(new ErlangA(14, 10, 180, 1e9).serviceLevel(20))
                .isCloseTo(ErlangC.serviceLevel(14, 10, 180, 20), within(1e-6));
    }

    @Test
    void engsetWithManySourcesIsErlangB() {
        assertThat(Engset.callCongestion(1_000_000, 10, 9e-6)).isCloseTo(ErlangB.blocking(10, 9), within(1e-4));
        assertThat(Engset.callCongestion(10, 10, 5)).isZero();
        assertThat(Engset.lines(14, 1.8, 0.05))
                .satisfies(lines ->
                        assertThat(Engset.callCongestion(14, lines, 1.8)).isLessThanOrEqualTo(0.05))
                .satisfies(lines ->
                        assertThat(Engset.callCongestion(14, lines - 1, 1.8)).isGreaterThan(0.05));
    }

    @Test
    void moreTrafficNeverNeedsFewerAndMoreAgentsNeverServeWorse() {
        var random = new SplittableRandom(5);
        for (int trial = 0; trial < 300; trial++) {
            double erlangs = Math.exp(random.nextDouble(Math.log(0.01), Math.log(2_000)));
            double more = erlangs * random.nextDouble(1, 2);
            int agents = 1 + random.nextInt(2_500);

            assertThat(ErlangB.lines(more, 0.02)).isGreaterThanOrEqualTo(ErlangB.lines(erlangs, 0.02));
            assertThat(ErlangC.agents(more, 200, 20, 0.8))
                    .isGreaterThanOrEqualTo(ErlangC.agents(erlangs, 200, 20, 0.8));
            assertThat(ErlangC.waiting(agents + 1, erlangs)).isLessThanOrEqualTo(ErlangC.waiting(agents, erlangs));
            assertThat(ErlangB.blocking(agents, more)).isGreaterThanOrEqualTo(ErlangB.blocking(agents, erlangs));
        }
    }

    @Test
    void theSquareRootRuleIsWithinTwoAgentsOfErlangC() {
        for (double erlangs : new double[] {10, 50, 200, 1_000, 10_000}) {
            int rule = Staffing.squareRoot(erlangs, 0.2);
            int exact = (int) erlangs + 1;
            while (ErlangC.waiting(exact, erlangs) > 0.2) {
                exact++;
            }
            assertThat(rule).isBetween(exact - 2, exact + 2);
        }
    }

    @Test
    void uncertainTrafficNeedsMore() {
        assertThat(Staffing.overDispersed(100, 0.2, 0.1)).isGreaterThan(Staffing.squareRoot(100, 0.2));
        assertThat(Staffing.overDispersed(100, 0.2, 0)).isEqualTo(Staffing.squareRoot(100, 0.2));
        assertThat(Staffing.headcount(70, 0.3)).isEqualTo(100);
        assertThat(Staffing.peakCallsPerHour(1_000, 0.12, 1.2)).isCloseTo(144, within(1e-9));
    }

    @Test
    void whatIsOutOfRangeIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ErlangB.blocking(-1, 1))
                .withMessageContaining("lines");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ErlangC.waiting(5, Double.NaN))
                .withMessageContaining("erlangs");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ErlangC.agents(10, 180, 20, 1))
                .withMessageContaining("serviceLevel");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ErlangA(0, 1, 180, 60))
                .withMessageContaining("agents");
    }
}
