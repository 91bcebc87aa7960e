package io.switchboard.engine.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A small share of what {@code ./switchboard chaos engines} runs. */
class EngineChaosTests {

    private static final long FIRST_SEED = 1;
    private static final long RUNS = 100;

    @Test
    void whateverGoesWrongWhatWasOrderedComesAbout() {
        assertThat(ChaosEngines.search(FIRST_SEED, RUNS, line -> {}).violations())
                .isEmpty();
    }
}
