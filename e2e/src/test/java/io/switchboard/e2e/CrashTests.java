package io.switchboard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The control plane is killed at ten moments of four orders; each order completes after the next start. */
class CrashTests {

    private static final Duration COMPLETION = Duration.ofMinutes(6);

    /** An hour, of the plan {@code basic}. */
    private static final int CALLS_OF_A_TASK = 1_600;

    private static final int CALLS_OF_TWO = 2_604;

    private static StandaloneProcess standalone;
    private static Installation installation;
    private static @Nullable Subject subject;
    private static int number;
    private static int extended;

    @BeforeAll
    static void start() throws Exception {
        standalone = new StandaloneProcess(Path.of("target", "crash"));
        installation = standalone.start();
    }

    @AfterAll
    static void stop() throws Exception {
        standalone.close();
    }

    @ParameterizedTest(name = "{0}, killed after {1} ms")
    @CsvSource({
        "OPEN, 0", "OPEN, 60", "OPEN, 400", "OPEN, 2500",
        "EXTEND, 50", "EXTEND, 1500", "RESTART, 100", "RESTART, 4000",
        "DELETE, 30", "DELETE, 500"
    })
    void anOrderCompletesThoughTheControlPlaneIsKilled(String kind, long moment) throws Exception {
        var acting = kind.equals("OPEN") ? null : Objects.requireNonNullElseGet(subject, CrashTests::opened);
        var placed = acting == null ? open() : acting.place(kind);
        var affected = Objects.requireNonNull(subject);
        TimeUnit.MILLISECONDS.sleep(moment);
        standalone.kill();
        installation = standalone.start();

        affected.journey().awaitCompleted(UUID.fromString(placed.path("id").asString()), COMPLETION);

        if (kind.equals("DELETE")) {
            subject = null;
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(
                            () -> assertThat(standalone.taskProcesses()).doesNotContainAnyElementsOf(affected.tasks()));
            assertThat(affected.journey().call().status()).isEqualTo(404);
        } else {
            assertThat(affected.journey().call().status()).isEqualTo(200);
        }
        // Every task the scheduler knows is one process, and no process is unknown.
        assertThat(standalone.taskProcesses()).containsExactlyInAnyOrderElementsOf(allTasks());
    }

    private static JsonNode open() throws Exception {
        number++;
        var journey = Journey.of(installation, "crash-" + number, "line", line -> {});
        // One task: four such instances run at last, beside another platform.
        var opened = journey.open("basic", CALLS_OF_A_TASK, Map.of("strategy", "round-robin"), "open-" + number);
        subject = new Subject(journey, UUID.fromString(opened.path("instanceId").asString()), Set.of());
        return opened;
    }

    private static Subject opened() {
        try {
            var order = UUID.fromString(open().path("id").asString());
            var fresh = Objects.requireNonNull(subject);
            fresh.journey().awaitCompleted(order, COMPLETION);
            return fresh;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> allTasks() throws Exception {
        var tasks = new ArrayList<String>();
        Api.operator(installation)
                .get("scheduler", "/api/v1/deployments")
                .expect(200)
                .forEach(deployment -> deployment
                        .path("tasks")
                        .forEach(task -> tasks.add(task.path("id").asString())));
        return tasks;
    }

    /** @param tasks those it had when the order was placed */
    private record Subject(Journey journey, UUID instance, Set<String> tasks) {

        JsonNode place(String kind) throws Exception {
            subject = new Subject(journey, instance, journey.tasks(instance));
            var order = kind.equals("EXTEND")
                    ? Map.<String, Object>of(
                            "kind",
                            kind,
                            "instanceId",
                            instance,
                            "loadProfile",
                            Journey.load(extended++ % 2 == 0 ? CALLS_OF_TWO : CALLS_OF_A_TASK))
                    : Map.<String, Object>of("kind", kind, "instanceId", instance);
            return journey.place(order, UUID.randomUUID().toString());
        }
    }
}
