package io.switchboard.samples.acd.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoutingStrategyTests {

    private static final Instant NINE = Instant.parse("2026-03-02T09:00:00Z");

    private static final Candidate ANN = agent("ann", 30, 4, "billing", "sales");
    private static final Candidate BOB = agent("bob", 10, 4, "sales");
    private static final Candidate CLEO = agent("cleo", 20, 3, "sales", "billing", "german");
    private static final List<Candidate> EVERYONE = List.of(CLEO, ANN, BOB);

    @Test
    void theLongestIdleAgentWithTheSkillGetsTheCall() {
        assertThat(RoutingStrategy.LONGEST_IDLE.choose("sales", EVERYONE, Optional.empty()))
                .contains("bob");
        assertThat(RoutingStrategy.LONGEST_IDLE.choose("billing", EVERYONE, Optional.empty()))
                .contains("cleo");
    }

    @Test
    void roundRobinGoesOnBehindTheLastAgentAndStartsOverAtTheEnd() {
        assertThat(RoutingStrategy.ROUND_ROBIN.choose("sales", EVERYONE, Optional.empty()))
                .contains("ann");
        assertThat(RoutingStrategy.ROUND_ROBIN.choose("sales", EVERYONE, Optional.of("ann")))
                .contains("bob");
        assertThat(RoutingStrategy.ROUND_ROBIN.choose("billing", EVERYONE, Optional.of("ann")))
                .contains("cleo");
        assertThat(RoutingStrategy.ROUND_ROBIN.choose("sales", EVERYONE, Optional.of("cleo")))
                .contains("ann");
    }

    @Test
    void roundRobinGivesEveryoneTheSameNumberOfCalls() {
        var order = new ArrayList<String>();
        Optional<String> last = Optional.empty();
        for (int call = 0; call < 6; call++) {
            last = RoutingStrategy.ROUND_ROBIN.choose("sales", EVERYONE, last);
            order.add(last.orElseThrow());
        }

        assertThat(order).containsExactly("ann", "bob", "cleo", "ann", "bob", "cleo");
    }

    @Test
    void fewestCallsGoesByWhatWasAnsweredThenByIdleTime() {
        assertThat(RoutingStrategy.FEWEST_CALLS.choose("sales", EVERYONE, Optional.empty()))
                .contains("cleo");
        assertThat(RoutingStrategy.FEWEST_CALLS.choose("sales", List.of(ANN, BOB), Optional.empty()))
                .contains("bob");
    }

    @Test
    void skillBasedPrefersTheBestThenTheMostSpecialized() {
        assertThat(RoutingStrategy.SKILL_BASED.choose("billing", EVERYONE, Optional.empty()))
                .contains("ann");
        assertThat(RoutingStrategy.SKILL_BASED.choose("sales", EVERYONE, Optional.empty()))
                .contains("bob");
        assertThat(RoutingStrategy.SKILL_BASED.choose("sales", List.of(CLEO, ANN), Optional.empty()))
                .contains("cleo");
    }

    @ParameterizedTest
    @EnumSource
    void nobodyGetsACallTheyLackTheSkillFor(RoutingStrategy strategy) {
        assertThat(strategy.choose("french", EVERYONE, Optional.empty())).isEmpty();
        assertThat(strategy.choose("german", EVERYONE, Optional.of("cleo"))).contains("cleo");
        assertThat(strategy.choose("sales", List.of(), Optional.empty())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theOrderOfTheCandidatesPlaysNoPart(RoutingStrategy strategy) {
        assertThat(strategy.choose("sales", EVERYONE.reversed(), Optional.of("bob")))
                .isEqualTo(strategy.choose("sales", EVERYONE, Optional.of("bob")));
    }

    private static Candidate agent(String id, int minute, int calls, String... skills) {
        return new Candidate(id, List.of(skills), NINE.plusSeconds(60L * minute), calls);
    }
}
