package io.switchboard.scheduling.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LogFollowerTests {

    private final LogFollower follower = new LogFollower();

    @Test
    void everythingIsNewAtFirstAndThenWhatWasAdded() {
        assertThat(follower.fresh("t", List.of("a", "b"))).containsExactly("a", "b");
        assertThat(follower.fresh("t", List.of("a", "b"))).isEmpty();
        assertThat(follower.fresh("t", List.of("a", "b", "c"))).containsExactly("c");
        assertThat(follower.fresh("other", List.of("a"))).containsExactly("a");
    }

    @Test
    void whatLeftTheWindowIsNotNew() {
        follower.fresh("t", List.of("a", "b", "c"));

        assertThat(follower.fresh("t", List.of("b", "c", "d"))).containsExactly("d");
        assertThat(follower.fresh("t", List.of("x", "y", "z"))).containsExactly("x", "y", "z");
    }

    @Test
    void linesThatRepeatCountOnceEach() {
        follower.fresh("t", List.of("tick", "tick"));

        assertThat(follower.fresh("t", List.of("tick", "tick", "tick"))).containsExactly("tick");
    }

    @Test
    void aTaskThatIsGoneIsForgotten() {
        follower.fresh("gone", List.of("a"));
        follower.fresh("t", List.of("a"));

        follower.keep(Set.of("t"));

        assertThat(follower.fresh("t", List.of("a", "b"))).containsExactly("b");
        assertThat(follower.fresh("gone", List.of("a"))).containsExactly("a");
    }

    @Test
    void anEmptyLogGrows() {
        assertThat(follower.fresh("t", List.of())).isEmpty();
        assertThat(follower.fresh("t", List.of("a"))).containsExactly("a");
    }
}
