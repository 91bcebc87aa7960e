package io.switchboard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessOptionsTests {

    @Test
    void withoutArgumentsAllClaimsAreMeasured() {
        assertThat(AccessOptions.parse())
                .isEqualTo(new AccessOptions(
                        Set.of("change", "churn", "flat", "flap", "lag", "restarts"),
                        List.of(1, 50, 500),
                        200,
                        30,
                        1_000,
                        5_000,
                        24));
    }

    @Test
    void eachOptionIsHeard() {
        assertThat(AccessOptions.parse(
                        "--only",
                        "churn,flat",
                        "--sizes",
                        "2,30",
                        "--changes",
                        "4",
                        "--reloads",
                        "5",
                        "--churn",
                        "6",
                        "--most",
                        "7",
                        "--orders",
                        "8"))
                .isEqualTo(new AccessOptions(Set.of("churn", "flat"), List.of(2, 30), 4, 5, 6, 7, 8));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> AccessOptions.parse("--only", "speed")).hasMessageContaining("--only takes");
        assertThatThrownBy(() -> AccessOptions.parse("--sizes", "1;2")).hasMessageContaining("commas");
        assertThatThrownBy(() -> AccessOptions.parse("--changes", "0")).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> AccessOptions.parse("--most", "99999")).hasMessageContaining("at most");
        assertThatThrownBy(() -> AccessOptions.parse("--speed")).hasMessageContaining("unknown option --speed");
    }
}
