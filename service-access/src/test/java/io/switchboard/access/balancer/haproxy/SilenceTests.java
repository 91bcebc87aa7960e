package io.switchboard.access.balancer.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SilenceTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Silence silence = new Silence(PATIENCE);

    @Test
    void oneLateAnswerIsNoSignHoweverLate() {
        assertThat(silence.goesOn(0)).isFalse();
        assertThat(silence.goesOn(PATIENCE.multipliedBy(100).toNanos())).isFalse();
    }

    @Test
    void manyAtOnceAreNoSign() {
        for (int question = 0; question < 100; question++) {
            assertThat(silence.goesOn(PATIENCE.toNanos() * question / 100)).isFalse();
        }
    }

    @Test
    void severalForALongTimeAre() {
        for (int question = 1; question < Silence.QUESTIONS; question++) {
            assertThat(silence.goesOn(0)).isFalse();
        }

        assertThat(silence.goesOn(PATIENCE.toNanos())).isTrue();
        assertThat(silence.unanswered()).isEqualTo(Silence.QUESTIONS);
        assertThat(silence.lasting(PATIENCE.toNanos())).isEqualTo(PATIENCE);
    }

    @Test
    void anAnswerEndsIt() {
        for (int question = 1; question < Silence.QUESTIONS; question++) {
            silence.goesOn(0);
        }
        silence.end();

        assertThat(silence.goesOn(PATIENCE.toNanos())).isFalse();
        assertThat(silence.unanswered()).isEqualTo(1);
        assertThat(silence.lasting(PATIENCE.toNanos())).isZero();
    }
}
