package io.switchboard.capacity.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The formulas against simulations that know none of them. */
class SimulationTests {

    private static final int CALLERS = 400_000;

    @ParameterizedTest
    @CsvSource({"12, 10, 180", "6, 4, 240", "55, 48, 240"})
    void erlangCIsWhatCallersMeet(int agents, double erlangs, double handling) {
        var simulated = new SimulatedQueue(7, agents, erlangs, handling, Double.POSITIVE_INFINITY).run(CALLERS);

        var queue = ErlangC.queue(agents, erlangs, handling);

        assertThat(simulated.waiting().covers(queue.waiting()))
                .as("%s %s", simulated, queue)
                .isTrue();
        assertThat(simulated.meanWait().covers(queue.meanWaitSeconds()))
                .as("%s %s", simulated, queue)
                .isTrue();
        assertThat(simulated.withinTwenty().covers(ErlangC.serviceLevel(agents, erlangs, handling, 20)))
                .as("%s", simulated)
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"13, 10, 180, 300", "20, 20, 300, 120", "40, 48, 240, 60", "100, 100, 180, 120"})
    void erlangAIsWhatCallersMeet(int agents, double erlangs, double handling, double patience) {
        var simulated = new SimulatedQueue(11, agents, erlangs, handling, patience).run(CALLERS);
        var system = new ErlangA(agents, erlangs, handling, patience);

        var queue = system.queue();

        assertThat(simulated.waiting().covers(queue.waiting()))
                .as("%s %s", simulated, queue)
                .isTrue();
        assertThat(simulated.abandoning().covers(queue.abandoning()))
                .as("%s %s", simulated, queue)
                .isTrue();
        assertThat(simulated.meanWait().covers(queue.meanWaitSeconds()))
                .as("%s %s", simulated, queue)
                .isTrue();
        assertThat(simulated.withinTwenty().covers(system.serviceLevel(20)))
                .as("%s %s", simulated, system.serviceLevel(20))
                .isTrue();
    }

    @Test
    void erlangBAndEngsetAreWhatCallersMeet() {
        assertThat(lost(10, 9, Integer.MAX_VALUE, 0.9))
                .isBetween(ErlangB.blocking(10, 9) - 0.004, ErlangB.blocking(10, 9) + 0.004);
        double engset = Engset.callCongestion(14, 10, 1.8);
        assertThat(lost(10, 0, 14, 1.8)).isBetween(engset - 0.004, engset + 0.004);
    }

    /** Share of calls lost; with few sources the rate follows the idle ones. */
    private static double lost(int lines, double erlangs, int sources, double perIdle) {
        var random = new SplittableRandom(3);
        int busy = 0;
        long calls = 0;
        long lost = 0;
        while (calls < 1_000_000) {
            double arriving = sources == Integer.MAX_VALUE ? erlangs : perIdle * (sources - busy);
            if (random.nextDouble() * (arriving + busy) < arriving) {
                calls++;
                if (busy < lines) {
                    busy++;
                } else {
                    lost++;
                }
            } else {
                busy--;
            }
        }
        return (double) lost / calls;
    }
}
