package io.switchboard.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTests {

    @Test
    void theRestGrowsWithTheBatchUpToItsLimit() {
        var pace = new Pace(Duration.ofMillis(20));

        assertThat(pace.after(0)).isZero();
        assertThat(pace.after(1)).isEqualTo(Duration.ofMillis(1));
        assertThat(pace.after(19)).isEqualTo(Duration.ofMillis(19));
        assertThat(pace.after(500)).isEqualTo(Duration.ofMillis(20));
        assertThat(Pace.RESTLESS.after(500)).isZero();
    }

    @Test
    void aNegativeRestIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Pace(Duration.ofMillis(-1)));
    }
}
