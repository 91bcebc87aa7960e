package io.switchboard.capacity.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.capacity.model.Drift.Direction;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DriftTests {

    @Test
    void scatterRaisesNoAlarmInAYearOfMinutes() {
        var random = new Random(1);
        var drift = Drift.NONE;
        for (int minute = 0; minute < 365 * 24 * 60; minute++) {
            drift = drift.with(0.07 * random.nextGaussian());
            assertThat(drift.direction()).isEqualTo(Direction.NONE);
        }
    }

    @Test
    void aLastingFifthMoreIsNoticedInMinutes() {
        assertThat(minutesUntilAlarm(0.2)).isBetween(5, 12);
        assertThat(minutesUntilAlarm(-0.2)).isBetween(5, 12);
    }

    @Test
    void aSingleMinuteRaisesNoAlarm() {
        assertThat(Drift.NONE.with(100).direction()).isEqualTo(Direction.NONE);
        assertThat(Drift.NONE.with(Double.NaN)).isEqualTo(Drift.NONE);
    }

    @Test
    void theDirectionIsTold() {
        var up = Drift.NONE;
        var down = Drift.NONE;
        for (int minute = 0; minute < 60; minute++) {
            up = up.with(0.3);
            down = down.with(-0.3);
        }
        assertThat(up.direction()).isEqualTo(Direction.UP);
        assertThat(down.direction()).isEqualTo(Direction.DOWN);
    }

    private static int minutesUntilAlarm(double change) {
        var random = new Random(2);
        var drift = Drift.NONE;
        int minutes = 0;
        while (drift.direction() == Direction.NONE) {
            drift = drift.with(change + 0.07 * random.nextGaussian());
            minutes++;
        }
        return minutes;
    }
}
