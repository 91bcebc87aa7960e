package io.switchboard.engine.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarathonCallsTests {

    @Test
    void aThousandWorkloadsTakeFewMoreCallsThanTheBestPlan() {
        MarathonCalls.Found found = MarathonCalls.measure(1000);

        assertThat(found.writes()).isEqualTo(1);
        assertThat(found.ratio()).isLessThanOrEqualTo(1.1);
    }
}
