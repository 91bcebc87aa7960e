package io.switchboard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchedulingOptionsTests {

    @Test
    void withoutArgumentsAllClaimsAreMeasured() {
        assertThat(SchedulingOptions.parse())
                .isEqualTo(new SchedulingOptions(
                        Set.of("control", "docker", "fleet", "marathon"),
                        100,
                        60,
                        90,
                        10_000,
                        1_000_000,
                        Optional.empty()));
    }

    @Test
    void eachOptionIsHeard() {
        assertThat(SchedulingOptions.parse(
                        "--only",
                        "fleet,control",
                        "--rate",
                        "1",
                        "--seconds",
                        "2",
                        "--warmup",
                        "3",
                        "--nodes",
                        "4",
                        "--tasks",
                        "5000",
                        "--marathon-calls",
                        "calls.log"))
                .isEqualTo(new SchedulingOptions(
                        Set.of("fleet", "control"), 1, 2, 3, 4, 5_000, Optional.of(Path.of("calls.log"))));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> SchedulingOptions.parse("--only", "mesos")).hasMessageContaining("--only takes");
        assertThatThrownBy(() -> SchedulingOptions.parse("--tasks", "7")).hasMessageContaining("multiple of 5000");
        assertThatThrownBy(() -> SchedulingOptions.parse("--rate", "0")).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> SchedulingOptions.parse("--speed")).hasMessageContaining("unknown option --speed");
    }
}
