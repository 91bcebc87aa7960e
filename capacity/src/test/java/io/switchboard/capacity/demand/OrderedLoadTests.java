package io.switchboard.capacity.demand;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.capacity.model.Driver;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OrderedLoadTests {

    @Test
    void callsAtOnceAreTheTrafficAndTwoDeviations() {
        var ordered = OrderedLoad.of("ivr", LoadProfile.busiest(1, 600, 240));

        // 40 + 2 × √(40 + 4²) = 54.97
        assertThat(ordered.calls()).isEqualTo(55);
        assertThat(ordered.load().values().get(Driver.CALL_RATE)).isGreaterThan(600 / 3600.0);
        assertThat(ordered.explanation())
                .isEqualTo(
                        "55 calls at once = 40.0 erlangs (600 calls an hour × 240 s) + 2 × √(40.0 + (10 % of it)²) for peaks.");
    }

    @Test
    void callersWhoWaitForAnAgentAreCallsToo() {
        // Who waits hangs up after two minutes, who talks does so after one.
        var plenty = OrderedLoad.of("acd", LoadProfile.busiest(80, 2_400, 60));
        var scarce = OrderedLoad.of("acd", LoadProfile.busiest(41, 2_400, 60));

        assertThat(plenty.calls()).isEqualTo(55);
        assertThat(scarce.calls()).isGreaterThan(55);
        assertThat(scarce.explanation()).contains("who wait for one of 41 agents");
    }

    /** Agents may be added at any time; tasks can't wait for that. */
    @Test
    void fewAgentsNeverMakeTheDemandSmallerThanTheTrafficOffered() {
        assertThat(OrderedLoad.of("acd", LoadProfile.busiest(1, 9_000, 240)).calls())
                .isGreaterThanOrEqualTo(600);
    }

    @Test
    void chatsBringMessages() {
        var values = OrderedLoad.of("web-chat", LoadProfile.busiest(5, 60, 600))
                .load()
                .values();

        assertThat(values.get(Driver.MESSAGES)).isEqualTo(0.33 * values.getOrDefault(Driver.CALLS, 0.0));
    }

    @Test
    void noCallsAreNoLoad() {
        assertThat(OrderedLoad.of("acd", LoadProfile.busiest(1, 0, 60)).calls()).isZero();
    }

    @Test
    void theLargestProfileIsAnsweredToo() {
        assertThat(OrderedLoad.of("acd", LoadProfile.busiest(100_000, 10_000_000, 86_400))
                        .calls())
                .isGreaterThan(240_000_000);
    }

    @Test
    void theMostCallsAnHourAreThoseThatStillFit() {
        var random = new SplittableRandom(3);
        for (int trial = 0; trial < 300; trial++) {
            var service = random.nextBoolean() ? "acd" : "ivr";
            var profile = LoadProfile.busiest(random.nextInt(1, 500), 0, random.nextInt(1, 3_600));
            int atOnce = random.nextInt(100_000);

            int most = OrderedLoad.mostCallsPerHour(service, profile, atOnce);

            assertThat(OrderedLoad.of(service, profile.with(most)).calls()).isLessThanOrEqualTo(atOnce);
            assertThat(most == 10_000_000
                            || OrderedLoad.of(service, profile.with(most + 1)).calls() > atOnce)
                    .isTrue();
        }
    }
}
