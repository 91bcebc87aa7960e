package io.switchboard.scheduling.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.capacity.model.Kind;
import io.switchboard.capacity.model.ModelStore;
import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderMessage;
import io.switchboard.contracts.scheduling.Consumption;
import io.switchboard.scheduling.SchedulerDatabase;
import io.switchboard.scheduling.capacity.Sizing.Sized;
import io.switchboard.scheduling.sample.Figure;
import io.switchboard.scheduling.sample.Sample;
import io.switchboard.scheduling.sample.Samples;
import io.switchboard.scheduling.sample.SamplesOf;
import io.switchboard.scheduling.sample.Series;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** From samples of running tasks to models and wider bounds, against a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LearnedTests {

    private static final String IMAGE = "platform/acd@sha256:aa";
    private static final Kind WHOLE = new Kind("acd", Series.WHOLE_TASK);
    private static final Instant START = Instant.parse("2026-11-27T07:00:00Z");
    private static final LearningProperties LEARNING =
            new LearningProperties(true, Duration.ofMinutes(15), 1_000, Duration.ofMinutes(1));

    private final SchedulerDatabase database = new SchedulerDatabase();
    private final ModelVersions versions = new ModelVersions(database.jdbc(), database.transaction());
    private final ModelsInForce inForce = new ModelsInForce(versions, "");
    private final Samples samples = SamplesOf.database(database);
    private Instant now = START;
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final Fits fits = new Fits(versions, clock);
    private final Refits refits = new Refits(samples, versions, fits, LEARNING, "", clock);
    private final Random random = new Random(4);

    @AfterAll
    void stop() throws IOException {
        database.close();
    }

    @BeforeEach
    void asShipped() {
        database.jdbc()
                .execute(
                        "truncate capacity_sample, capacity_minute, capacity_series, capacity_drift, capacity_activation, capacity_model");
        versions.ship(ModelStore.shipped(), START);
        inForce.look();
        now = START;
    }

    @Test
    void enoughSamplesBecomeAModelThatNothingUsesYet() {
        work("acme", "task-1", 1_200, 1);

        refits.round();

        var learned = versions.last(new Scope(WHOLE, IMAGE, "", ""), Refits.LEARNED_BY);
        assertThat(learned).isPresent();
        assertThat(learned.get().store().source()).startsWith("samples of running tasks");
        assertThat(inForce.isInForce(learned.get())).isFalse();
        assertThat(versions.last(new Scope(WHOLE, IMAGE, "acme", ""), Refits.LEARNED_BY))
                .isEmpty();
    }

    @Test
    void tooFewNewSamplesAreNoReasonToFit() {
        work("acme", "task-1", 900, 1);
        refits.round();
        assertThat(versions.last(new Scope(WHOLE, IMAGE, "", ""), Refits.LEARNED_BY))
                .isEmpty();

        work("acme", "task-1", 300, 1);
        refits.round();
        var first = versions.last(new Scope(WHOLE, IMAGE, "", ""), Refits.LEARNED_BY)
                .orElseThrow();
        work("acme", "task-1", 300, 1);
        refits.round();

        assertThat(versions.last(new Scope(WHOLE, IMAGE, "", ""), Refits.LEARNED_BY)
                        .orElseThrow()
                        .version())
                .isEqualTo(first.version());
    }

    @Test
    void tenantsWithEnoughSamplesGetModelsOfTheirOwn() {
        work("acme", "task-1", 1_200, 1);
        work("globex", "task-2", 1_200, 3);

        refits.round();

        var acme = versions.last(new Scope(WHOLE, IMAGE, "acme", ""), Refits.LEARNED_BY);
        var globex = versions.last(new Scope(WHOLE, IMAGE, "globex", ""), Refits.LEARNED_BY);
        assertThat(acme).isPresent();
        assertThat(globex).isPresent();
    }

    @Test
    void aModelOfWholeTasksReplacesWhatWasPutTogetherByHand() {
        work("acme", "task-1", 1_200, 1);
        refits.round();
        var before = sized();
        assertThat(before.explanation()).contains("0.360 base");

        activateLearned();

        var after = sized();
        assertThat(after.explanation())
                .contains("acd (whole task)")
                .contains("of this image, from samples of running tasks")
                .doesNotContain("base");
    }

    @Test
    void useThatLeavesTheModelUpwardsWidensPlansAndIsSaid() {
        work("acme", "task-1", 1_200, 1);
        refits.round();
        activateLearned();
        var calm = sized();
        var meters = new SimpleMeterRegistry();
        var watch = new DriftWatch(samples, versions, inForce, clock, meters);
        for (int minute = 0; minute < 10; minute++) {
            watch.round();
            work("acme", "task-1", 60, 1);
        }
        watch.round();
        assertThat(versions.widenings()).isEmpty();

        for (int minute = 0; minute < 20; minute++) {
            work("acme", "task-1", 60, 1.6);
            watch.round();
        }

        assertThat(versions.widenings().values())
                .singleElement()
                .satisfies(one -> assertThat(one.factor()).isBetween(1.05, 3.0));
        var wide = sized();
        assertThat(wide.tasks() * wide.perTask().cpuMillis())
                .isGreaterThan(calm.tasks() * calm.perTask().cpuMillis());
        assertThat(wide.explanation()).contains("Use has left version").contains("times as wide");
        assertThat(meters.get("scheduler.capacity.drift").gauges()).anyMatch(gauge -> gauge.value() > 1.5);
    }

    @Test
    void useThatLeavesTheModelDownwardsShrinksNothing() {
        work("acme", "task-1", 1_200, 1);
        refits.round();
        activateLearned();
        var before = sized();
        var meters = new SimpleMeterRegistry();
        var watch = new DriftWatch(samples, versions, inForce, clock, meters);
        watch.round();

        for (int minute = 0; minute < 20; minute++) {
            work("acme", "task-1", 60, 0.5);
            watch.round();
        }

        assertThat(versions.widenings()).isEmpty();
        assertThat(sized().perTask()).isEqualTo(before.perTask());
        assertThat(meters.get("scheduler.capacity.drift").gauges()).anyMatch(gauge -> gauge.value() < -1.5);
    }

    private void activateLearned() {
        var learned = versions.last(new Scope(WHOLE, IMAGE, "", ""), Refits.LEARNED_BY)
                .orElseThrow();
        versions.activate(learned, "ops", clock.instant());
        inForce.look();
    }

    private Sized sized() {
        var consumption = new Consumption(
                List.of(new Consumption.Work("acd", "queue+bridge", 1)),
                Optional.of(new Consumption.Base(360, 432)),
                146,
                "test");
        var service = new OrderMessage.Service(
                "acd", "standard", 1, 20, 1, IMAGE, List.of(), consumption, new LoadProfile(60, 1_000, 180), Map.of());
        return (Sized) new ModelledSizing(inForce, Optional::empty).size(service, "initech");
    }

    /** Seconds of a task whose load changes every minute; each call takes some thousandths of a core. */
    private void work(String tenant, String task, int seconds, double factor) {
        var seen = new ArrayList<Sample>();
        for (int second = 0; second < seconds; second++) {
            now = now.plusSeconds(1);
            long minute = now.getEpochSecond() / 60;
            double calls = 10 + 10 * (minute % 9);
            double cores = (0.1 + 0.004 * calls) * factor * (1 + 0.05 * random.nextGaussian());
            seen.add(new Sample(
                    now,
                    Map.of(
                            Figure.CALLS,
                            calls,
                            Figure.CALL_RATE,
                            calls / 180,
                            Figure.CPU,
                            cores,
                            Figure.MEMORY,
                            300e6 + 1e5 * calls)));
        }
        samples.add(new Series("acd", Series.WHOLE_TASK, IMAGE, tenant, task), seen);
    }
}
