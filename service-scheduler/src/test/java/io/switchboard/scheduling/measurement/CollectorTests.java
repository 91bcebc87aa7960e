package io.switchboard.scheduling.measurement;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.engine.InMemoryEngine;
import io.switchboard.engine.Task;
import io.switchboard.engine.Usage;
import io.switchboard.engine.Workload;
import io.switchboard.scheduling.Orders;
import io.switchboard.scheduling.SchedulerDatabase;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.InMemoryDeployments;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.sample.Figure;
import io.switchboard.scheduling.sample.Sample;
import io.switchboard.scheduling.sample.Samples;
import io.switchboard.scheduling.sample.SamplesOf;
import io.switchboard.scheduling.sample.Series;
import io.switchboard.scheduling.task.Calls;
import io.switchboard.scheduling.task.Drained;
import io.switchboard.scheduling.task.Quality;
import io.switchboard.scheduling.task.TaskProtocol;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Instances on the in-memory engine, samples in a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CollectorTests {

    private static final Instant NOW = Instant.parse("2026-11-27T08:00:00Z");

    private final SchedulerDatabase database = new SchedulerDatabase();
    private final Samples samples = SamplesOf.database(database);
    private InMemoryDeployments deployments = new Settled();
    private InMemoryEngine engine = engine();
    private Calls calls = new Calls.Unknown();
    private Optional<Quality> quality = Optional.empty();

    /** Where every instance runs as it should. */
    private static final class Settled extends InMemoryDeployments {

        @Override
        public List<UUID> settled(Optional<UUID> after, int limit) {
            return living(Optional.empty()).stream()
                    .map(Deployment::id)
                    .sorted()
                    .filter(id -> after.isEmpty() || id.compareTo(after.get()) > 0)
                    .limit(limit)
                    .toList();
        }
    }

    private static InMemoryEngine engine() {
        return new InMemoryEngine(
                InMemoryEngine.Readiness.IMMEDIATE,
                Clock.fixed(NOW, ZoneOffset.UTC),
                Integer.MAX_VALUE,
                List.of("10.0.0.1"));
    }

    @AfterAll
    void stop() throws IOException {
        database.close();
    }

    @BeforeEach
    void empty() {
        database.jdbc().execute("truncate capacity_sample, capacity_minute, capacity_series");
        deployments = new Settled();
        engine = engine();
    }

    private Collector collector(int instances, int tasksEach) {
        var protocol = new TaskProtocol() {
            @Override
            public Drained drain(Revision revision, Task task) {
                return new Drained.NotAsked();
            }

            @Override
            public Calls calls(Revision revision, Task task) {
                return calls;
            }

            @Override
            public Optional<Quality> quality(Revision revision, Task task) {
                return quality;
            }
        };
        var properties = new MeasurementProperties(
                true, Duration.ofSeconds(10), instances, tasksEach, Duration.ZERO, Duration.ofMinutes(1));
        return new Collector(
                deployments, engine, usage(properties), protocol, samples, properties, new SimpleMeterRegistry());
    }

    private TaskUsage usage(MeasurementProperties properties) {
        return new UsageOfCalls(
                Optional.of(() -> task -> engine.usage(task.id())), properties, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Test
    void whatATaskUsesIsKeptWithTheLoadItTells() {
        var task = running(2).getFirst();
        var collector = collector(10, 1);
        says(40, 100);
        engine.measure(task.id(), new Usage(250, 300, NOW));
        collector.round();
        says(30, 130);
        engine.measure(task.id(), new Usage(200, 310, NOW.plusSeconds(10)));
        collector.round();

        var kept = kept();
        assertThat(kept).hasSize(2);
        assertThat(kept.getFirst().figures())
                .containsEntry(Figure.CPU, 0.25)
                .containsEntry(Figure.CALLS, 40.0)
                .doesNotContainKey(Figure.CALL_RATE);
        assertThat(kept.getLast().figures())
                .containsEntry(Figure.CALLS, 30.0)
                .containsEntry(Figure.PEAK_CALLS, 40.0)
                .containsEntry(Figure.CALL_RATE, 3.0);
        assertThat(kept.getLast().figures().get(Figure.MEMORY)).isEqualTo(310.0 * (1 << 20));
    }

    @Test
    void theSameMeasurementIsKeptOnce() {
        var task = running(1).getFirst();
        var collector = collector(10, 1);
        says(4, 10);
        engine.measure(task.id(), new Usage(250, 300, NOW));

        collector.round();
        collector.round();

        assertThat(kept()).hasSize(1);
    }

    @Test
    void useWithoutLoadIsNotKept() {
        var task = running(1).getFirst();
        calls = new Calls.Unknown();
        engine.measure(task.id(), new Usage(250, 300, NOW));

        collector(10, 1).round();

        assertThat(kept()).isEmpty();
    }

    @Test
    void aCounterThatFellTellsNoRate() {
        var task = running(1).getFirst();
        var collector = collector(10, 1);
        says(4, 100);
        engine.measure(task.id(), new Usage(250, 300, NOW));
        collector.round();
        says(4, 5);
        engine.measure(task.id(), new Usage(250, 300, NOW.plusSeconds(10)));
        collector.round();

        assertThat(kept().getLast().figures()).doesNotContainKey(Figure.CALL_RATE);
    }

    @Test
    void instancesAreMeasuredInTurn() {
        var collector = collector(1, 1);
        for (int instance = 0; instance < 3; instance++) {
            engine.measure(running(1).getFirst().id(), new Usage(100, 100, NOW));
        }
        says(1, 1);

        for (int round = 1; round <= 3; round++) {
            collector.round();
            assertThat(kept()).hasSize(round);
        }
    }

    private void says(int active, long offered) {
        calls = new Calls.Counted(active, 180);
        quality = Optional.of(new Quality(0, 0, 0, offered, 0));
    }

    private List<Task> running(int tasks) {
        var id = UUID.randomUUID();
        deployments.order(Orders.open(id, 100), NOW);
        var workload = Revision.workloadName(id, 1);
        engine.ensure(new Workload(
                workload,
                "acd",
                tasks,
                100,
                64,
                List.of(),
                Map.of(),
                new Workload.Health.Running(),
                Duration.ofSeconds(1)));
        return engine.tasks(workload);
    }

    private List<Sample> kept() {
        return samples.since("acd", Series.WHOLE_TASK, "acd", null, NOW.minusSeconds(1));
    }
}
