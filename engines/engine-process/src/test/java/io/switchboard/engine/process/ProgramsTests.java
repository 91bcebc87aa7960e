package io.switchboard.engine.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.engine.Workload;
import io.switchboard.engine.Workload.Health;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramsTests {

    private final Programs programs =
            new Programs(Map.of("acme/acd", List.of("java", "-Xmx${memoryMib}m", "-Dcpu=${cpuMillis}", "${other}")));

    @ParameterizedTest
    @ValueSource(strings = {"acme/acd", "acme/acd:1.2", "acme/acd@sha256:12", "localhost:5000/acme/acd:2@sha256:12"})
    void tagsDigestsAndRegistriesMakeNoDifference(String image) {
        assertThat(programs.command(workload(image))).hasValue(List.of("java", "-Xmx96m", "-Dcpu=250", "${other}"));
    }

    @Test
    void otherImagesHaveNoProgram() {
        assertThat(programs.command(workload("acme/acd-2"))).isEmpty();
        assertThat(programs.command(workload("acd"))).isEmpty();
    }

    private static Workload workload(String image) {
        return new Workload("acd", image, 1, 250, 96, List.of(), Map.of(), new Health.Running(), Duration.ofSeconds(1));
    }
}
