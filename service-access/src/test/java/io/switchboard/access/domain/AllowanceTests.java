package io.switchboard.access.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.access.testing.MovingClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AllowanceTests {

    private final MovingClock clock = new MovingClock(Instant.EPOCH);
    private final Allowance allowance = new Allowance(3, Duration.ofSeconds(2), clock);

    @Test
    void whatIsUsedComesBackOneByOne() {
        assertThat(taken("acme", 5)).isEqualTo(3);

        clock.pass(Duration.ofSeconds(2));
        assertThat(taken("acme", 5)).isEqualTo(1);

        clock.pass(Duration.ofSeconds(60));
        assertThat(taken("acme", 5)).isEqualTo(3);
    }

    @Test
    void nobodyUsesWhatIsAnothers() {
        taken("acme", 5);

        assertThat(taken("globex", 5)).isEqualTo(3);
    }

    private int taken(String who, int times) {
        int taken = 0;
        for (int time = 0; time < times; time++) {
            taken += allowance.take(who) ? 1 : 0;
        }
        return taken;
    }
}
