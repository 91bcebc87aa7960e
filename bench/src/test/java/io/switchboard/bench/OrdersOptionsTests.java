package io.switchboard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrdersOptionsTests {

    @Test
    void withoutArgumentsTheClaimIsMeasured() {
        assertThat(OrdersOptions.parse())
                .isEqualTo(new OrdersOptions(1000, 60, 60, 30, 64, 15, true, Optional.empty()));
    }

    @Test
    void eachOptionIsHeard() {
        assertThat(OrdersOptions.parse(
                        "--rate",
                        "10",
                        "--seconds",
                        "2",
                        "--warmup",
                        "1",
                        "--crowd-seconds",
                        "5",
                        "--connections",
                        "3",
                        "--raw-seconds",
                        "4",
                        "--no-scheduler",
                        "--database",
                        "jdbc:postgresql://db/x"))
                .isEqualTo(new OrdersOptions(10, 2, 1, 5, 3, 4, false, Optional.of("jdbc:postgresql://db/x")));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> OrdersOptions.parse("--rate", "fast")).hasMessageContaining("--rate must be a number");
        assertThatThrownBy(() -> OrdersOptions.parse("--rate")).hasMessageContaining("--rate needs a value");
        assertThatThrownBy(() -> OrdersOptions.parse("--speed")).hasMessageContaining("unknown option --speed");
    }
}
