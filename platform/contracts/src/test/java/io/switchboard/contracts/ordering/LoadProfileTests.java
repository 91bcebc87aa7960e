package io.switchboard.contracts.ordering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadProfileTests {

    /** 600 calls of 180 s are 30 erlangs: 30 + 2 × 5.48 = 40.95. */
    @ParameterizedTest
    @CsvSource({"0, 180, 0", "600, 180, 41", "3600, 100, 120", "10000000, 86400, 240030984"})
    void peaksAreTwoDeviationsAboveTheMean(int callsPerHour, int seconds, int atOnce) {
        assertThat(new LoadProfile(1, callsPerHour, seconds).callsAtOnce()).isEqualTo(atOnce);
    }

    @Test
    void theMostCallsAnHourAreThoseThatStillFit() {
        var random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            int seconds = 1 + random.nextInt(86_400);
            long atOnce = random.nextInt(100_000);
            int most = new LoadProfile(1, 0, seconds).mostCallsPerHour(atOnce);

            assertThat(new LoadProfile(1, most, seconds).callsAtOnce()).isLessThanOrEqualTo((int) atOnce);
            // The last call of the hour may round either way.
            assertThat(most == 10_000_000 || new LoadProfile(1, most + 2, seconds).callsAtOnce() > atOnce)
                    .isTrue();
        }
    }
}
