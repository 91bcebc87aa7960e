package io.switchboard.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessStatTests {

    private static final String REST = " S 1 42 42 0 -1 4194304 9000 0 0 0 21 1 3 5 20 0 22 0 270501 9099964416 14842";

    @Test
    void readsWhatCounts() {
        assertThat(ProcessStat.parse("42 (java)" + REST)).hasValue(new ProcessStat(42, 'S', 42, 30, 270501));
    }

    @Test
    void namesMayHoldAnything() {
        assertThat(ProcessStat.parse("42 (a) b (c)) " + REST)).hasValue(new ProcessStat(42, 'S', 42, 30, 270501));
    }

    @Test
    void halfAFileIsNothing() {
        assertThat(ProcessStat.parse("42 (java) S 1")).isEmpty();
        assertThat(ProcessStat.parse("")).isEmpty();
    }

    @Test
    void zombiesDontRun() {
        assertThat(new ProcessStat(42, 'Z', 42, 0, 1).runs()).isFalse();
        assertThat(new ProcessStat(42, 'D', 42, 0, 1).runs()).isTrue();
    }
}
