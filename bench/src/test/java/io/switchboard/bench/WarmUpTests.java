package io.switchboard.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class WarmUpTests {

    @Test
    void itLastsAsLongAsWindowsGainOnAllBefore() {
        assertThat(after(9, 8, 7, 6, 5).isOver()).isFalse();
        assertThat(after(9, 8, 8, 8).isOver()).isFalse();
        assertThat(after(9, 8, 8, 8, 8).isOver()).isTrue();
    }

    @Test
    void aGainLessThanNoiseIsNone() {
        assertThat(after(9, 8, 7.95, 7.9, 7.85).isOver()).isTrue();
    }

    @Test
    void aWindowWithATroubleOfItsOwnEndsNothing() {
        assertThat(after(9, 8, 12, 7, 7.9, 6).isOver()).isFalse();
    }

    @Test
    void whoDidNotSettleIsToldSo() {
        assertThat(after(9, 8).told("10 s")).isEqualTo("10 s, and not settled by then");
        assertThat(after(8, 8, 8, 8).told("20 s")).isEqualTo("20 s, until it was settled");
    }

    private static WarmUp after(double... costs) {
        var warmUp = new WarmUp();
        DoubleStream.of(costs).forEach(warmUp::took);
        return warmUp;
    }
}
