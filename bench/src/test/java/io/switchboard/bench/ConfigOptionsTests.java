package io.switchboard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConfigOptionsTests {

    @Test
    void withoutArgumentsTheClaimIsMeasured() {
        assertThat(ConfigOptions.parse())
                .isEqualTo(new ConfigOptions(
                        Set.of("bean", "fanout", "releases", "atomicity", "idle", "kills"),
                        List.of(1, 100, 1000, 5000),
                        20,
                        300,
                        60,
                        10_000,
                        50,
                        1));
    }

    @Test
    void eachOptionIsHeard() {
        assertThat(ConfigOptions.parse(
                        "--only",
                        "fanout,bean",
                        "--clients",
                        "3,7",
                        "--rounds",
                        "2",
                        "--bean-rounds",
                        "4",
                        "--seconds",
                        "5",
                        "--together",
                        "6",
                        "--kills",
                        "8",
                        "--seed",
                        "9"))
                .isEqualTo(new ConfigOptions(Set.of("fanout", "bean"), List.of(3, 7), 2, 4, 5, 6, 8, 9));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> ConfigOptions.parse("--only", "speed")).hasMessageContaining("--only takes some of");
        assertThatThrownBy(() -> ConfigOptions.parse("--clients", "many"))
                .hasMessageContaining("--clients must be numbers");
        assertThatThrownBy(() -> ConfigOptions.parse("--clients", "0")).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> ConfigOptions.parse("--rounds", "0")).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> ConfigOptions.parse("--speed")).hasMessageContaining("unknown option --speed");
    }
}
