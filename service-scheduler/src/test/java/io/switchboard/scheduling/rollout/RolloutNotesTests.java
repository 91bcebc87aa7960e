package io.switchboard.scheduling.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.engine.InMemoryEngine;
import io.switchboard.engine.Task;
import io.switchboard.scheduling.Orders;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.InMemoryDeployments;
import io.switchboard.scheduling.deployment.Note;
import io.switchboard.scheduling.deployment.Revision;
import io.switchboard.scheduling.deployment.StaleDeployment;
import io.switchboard.scheduling.task.Drained;
import io.switchboard.scheduling.task.TaskProperties;
import io.switchboard.scheduling.task.TaskSecrets;
import io.switchboard.scheduling.task.Workloads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is noted of acts, whatever becomes of the store after them. */
class RolloutNotesTests {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final UUID instance = UUID.randomUUID();
    private final InMemoryEngine engine = new InMemoryEngine(InMemoryEngine.Readiness.EXPLICIT, clock);
    private final Overtaken deployments = new Overtaken();
    private final Rollout rollout = new Rollout(
            deployments,
            engine,
            new Workloads(
                    (tenant, application, stage, workload) -> Map.of(),
                    new TaskSecrets(new byte[32]),
                    new TaskProperties("/ready", SECOND, SECOND, SECOND, SECOND, SECOND)),
            (revision, task) -> new Drained.NotAsked(),
            new RolloutProperties(
                    10,
                    true,
                    Duration.ofSeconds(15),
                    Duration.ofMinutes(10),
                    SECOND,
                    Duration.ofMinutes(5),
                    SECOND,
                    SECOND,
                    Duration.ofMinutes(2),
                    new RolloutProperties.CanaryLimits(100, 1.5, Duration.ofMillis(20), Duration.ofSeconds(5))),
            new RolloutMetrics(new SimpleMeterRegistry()),
            clock);

    /** Another writer comes first, when told so. */
    private static final class Overtaken extends InMemoryDeployments {

        private boolean overtaken;

        @Override
        public Deployment save(Deployment before, Deployment after, List<Note> noted) {
            if (overtaken) {
                throw new StaleDeployment(after.id());
            }
            return super.save(before, after, noted);
        }
    }

    @Test
    void aTaskThatWasStoppedIsNotedAlthoughAnotherWriterCameFirst() {
        deployments.order(Orders.open(instance, 1000), NOW);
        rollout.advance(deployments.get(instance));
        var started = engine.tasks(Revision.workloadName(instance, 1)).stream()
                .map(Task::id)
                .sorted()
                .toList();
        deployments.order(Orders.restart(instance), NOW);
        deployments.overtaken = true;

        assertThatExceptionOfType(StaleDeployment.class).isThrownBy(() -> rollout.advance(deployments.get(instance)));

        assertThat(engine.tasks(Revision.workloadName(instance, 1))).isEmpty();
        assertThat(deployments.notes)
                .extracting(Note::text)
                .containsExactly("Stopped tasks " + String.join(", ", started) + ": no call was ever sent there.");
    }
}
