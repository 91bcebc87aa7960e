package io.switchboard.configprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChoiceTests {

    @Test
    void clientsAreChosenByNameOrByLabel() {
        var named = new Choice.Instances(new TreeSet<>(Set.of("task-1")));
        assertThat(named.includes("c", "task-1", Map.of())).isTrue();
        assertThat(named.includes("c", "task-2", Map.of())).isFalse();

        var labelled = new Choice.Label("zone", "eu");
        assertThat(labelled.includes("c", "task-1", Map.of("zone", "eu"))).isTrue();
        assertThat(labelled.includes("c", "task-1", Map.of("zone", "us"))).isFalse();
        assertThat(labelled.includes("c", "task-1", Map.of())).isFalse();
    }

    @Test
    void aLargerShareHasAllClientsOfTheSmallerOneAndAboutAsManyAsItSays() {
        Set<String> small = of("c", 10);
        Set<String> large = of("c", 50);

        assertThat(large).containsAll(small);
        assertThat(small).hasSizeBetween(850, 1_150);
        assertThat(large).hasSizeBetween(4_800, 5_200);
        assertThat(of("c", 100)).hasSize(10_000);
        assertThat(of("c", 10)).isEqualTo(small);
    }

    @Test
    void anotherCanaryTriesOtherClients() {
        assertThat(of("another", 10)).isNotEqualTo(of("c", 10));
    }

    private static Set<String> of(String canary, int percent) {
        var share = new Choice.Percent(percent);
        return IntStream.range(0, 10_000)
                .mapToObj(number -> "task-" + number)
                .filter(client -> share.includes(canary, client, Map.of()))
                .collect(Collectors.toSet());
    }

    @Test
    void aShareIsFromOneToAHundred() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Choice.Percent(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Choice.Percent(101));
        assertThatIllegalArgumentException().isThrownBy(() -> new Choice.Instances(new TreeSet<>()));
    }
}
