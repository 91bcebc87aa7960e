package io.switchboard.scheduling.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.contracts.scheduling.Resources;
import io.switchboard.scheduling.deployment.Course.Canary;
import io.switchboard.scheduling.deployment.Course.Haste;
import io.switchboard.scheduling.deployment.Course.Pause;
import io.switchboard.scheduling.deployment.Course.Way;
import io.switchboard.scheduling.deployment.Deployment.Desired;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** How a course is stored: schedulers of two versions may read each other's rows. */
class CourseTests {

    private static final UUID OTHER = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");

    private final JsonMapper json = new JsonMapper();

    @Test
    void oneThatWasStoredBeforeThereWereGroupsIsRead() {
        var stored = """
                {"lastRevision": 3, "pause": {"by": "an operator", "since": "2026-01-01T00:00:00Z"}, "forced": true,
                 "retiring": ["a"], "canary": {"tasks": 1, "time": "PT10M", "since": null},
                 "fallback": {"goal": "RUN", "revision": 2, "tasks": 2,
                              "perTask": {"cpuMillis": 100, "memoryMib": 64}, "explanation": "as planned"},
                 "dependsOn": ["01234567-89ab-cdef-0123-456789abcdef"], "cut": {"b": 3}}
                """;

        assertThat(json.readValue(stored, Course.class))
                .isEqualTo(new Course(
                        3,
                        Set.of(OTHER),
                        Optional.of(new Pause("an operator", Instant.parse("2026-01-01T00:00:00Z"))),
                        new Way(
                                Optional.of(Canary.of(1, Duration.ofMinutes(10))),
                                Optional.of(new Desired(
                                        Goal.RUN, 2, 2, new Resources(100, 64), Optional.empty(), "as planned")),
                                Set.of("a"),
                                new Haste(true, false, Map.of("b", 3)))));
    }

    @Test
    void itIsStoredInOneRowOfFieldsAndReadBack() {
        var course = Course.none()
                .begin(
                        4,
                        Optional.of(new Canary(
                                1,
                                Duration.ofMinutes(10),
                                Optional.of(Instant.EPOCH),
                                Optional.of(OTHER),
                                Optional.of(5))),
                        Optional.of(
                                new Desired(Goal.RUN, 3, 2, new Resources(100, 64), Optional.empty(), "as planned")))
                .retire(Set.of("a"))
                .cut(Map.of("b", 3));

        var stored = json.writeValueAsString(course);

        assertThat(json.readTree(stored).propertyNames())
                .containsExactlyInAnyOrder(
                        "lastRevision",
                        "dependsOn",
                        "pause",
                        "canary",
                        "fallback",
                        "retiring",
                        "forced",
                        "unhurried",
                        "cut");
        assertThat(json.readValue(stored, Course.class)).isEqualTo(course);
    }
}
