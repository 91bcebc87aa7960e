package io.switchboard.engine.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ChaosOrdersTests {

    private final ChaosOrders shop = new ChaosOrders("shop", 2);

    @Test
    void aTaskThatEndsUnchosenIsFound() {
        shop.settle(Set.of("a", "b"));

        assertThat(shop.endedUnchosen(Set.of("a", "b"))).isEmpty();
        assertThat(shop.endedUnchosen(Set.of("a", "c"))).containsExactly("b");
    }

    @Test
    void aTaskThatEndsBesideTheChosenOneIsFound() {
        shop.settle(Set.of("a", "b"));
        shop.stop(Set.of("a"));

        assertThat(shop.endedUnchosen(Set.of("b"))).isEmpty();
        assertThat(shop.endedUnchosen(Set.of())).containsExactly("b");
    }

    @Test
    void whoNamesATaskThatWasLeavingAnywayWantsOneFewerOfTheOthers() {
        shop.fewer(1);
        shop.settle(Set.of("b"));

        shop.stop(Set.of("a"));

        assertThat(shop.tasks()).isZero();
        assertThat(shop.endedUnchosen(Set.of())).isEmpty();
    }

    @Test
    void whatAnAccidentEndedIsExcused() {
        shop.settle(Set.of("a", "b"));

        shop.excuse(Set.of("a"));

        assertThat(shop.endedUnchosen(Set.of("b", "c"))).isEmpty();
        assertThat(shop.endedUnchosen(Set.of("c"))).containsExactly("b");
    }

    @Test
    void onlyWhatRunsAsWantedIsKept() {
        shop.settle(Set.of("a"));

        assertThat(shop.endedUnchosen(Set.of())).isEmpty();
    }

    @Test
    void stoppedTasksThatRunAreFound() {
        shop.stop(Set.of("a"));
        shop.told(Set.of("a"));

        assertThat(shop.back(Set.of("a", "b"))).containsExactly("a");
        assertThat(shop.isChosen("a")).isTrue();
        assertThat(shop.toStop()).isEmpty();
    }
}
