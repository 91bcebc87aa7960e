package io.switchboard.access.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortRangeTests {

    private static final UUID INSTANCE = UUID.fromString("01930000-0000-7000-8000-000000000001");

    @Test
    void isReadAsItIsWritten() {
        assertThat(PortRange.parse("22000-22999"))
                .isEqualTo(new PortRange(22_000, 22_999))
                .hasToString("22000-22999");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "22000", "22999-22000", "0-10", "22000-70000", "a-b", "1-2-3"})
    void refusesWhatIsNoRange(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PortRange.parse(text))
                .withMessageContaining("22000-22999");
    }

    @Test
    void givesEveryPortOnceAndThenNone() {
        var range = new PortRange(100, 104);
        Set<Integer> taken = new HashSet<>();
        for (int each = 0; each < range.size(); each++) {
            taken.add(range.choose(INSTANCE, "sip", taken::contains).orElseThrow());
        }

        assertThat(taken).containsExactlyInAnyOrder(100, 101, 102, 103, 104);
        assertThat(range.choose(INSTANCE, "sip", taken::contains)).isEmpty();
    }

    @Test
    void theSamePortOfTheSameInstanceGetsTheSameNumber() {
        var range = new PortRange(22_000, 22_999);

        assertThat(range.choose(INSTANCE, "sip", port -> false))
                .isEqualTo(range.choose(INSTANCE, "sip", port -> false));
    }

    @Test
    void fallsApartWherePortsAreTakenOut() {
        var range = new PortRange(100, 104);

        assertThat(range.without(port -> port == 102))
                .containsExactly(new PortRange(100, 101), new PortRange(103, 104));
        assertThat(range.without(port -> port == 100 || port == 104)).containsExactly(new PortRange(101, 103));
        assertThat(range.without(port -> false)).isEqualTo(List.of(range));
        assertThat(range.without(port -> true)).isEmpty();
    }
}
