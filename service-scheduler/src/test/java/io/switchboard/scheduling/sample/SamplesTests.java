package io.switchboard.scheduling.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.capacity.model.SampleFile;
import io.switchboard.scheduling.SchedulerDatabase;
import java.io.IOException;
import java.io.StringReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Against a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SamplesTests {

    private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");
    private static final Series ACD = new Series("acd", Series.WHOLE_TASK, "platform/acd", "acme", "task-1");
    private static final SampleProperties KEPT = new SampleProperties(
            Duration.ofHours(48), Duration.ofDays(14), Duration.ofDays(400), Duration.ofMinutes(10));

    private final SchedulerDatabase database = new SchedulerDatabase();
    private final Samples samples = new Samples(database.jdbc(), database.transaction());
    private final History history = new History(database.jdbc());

    @AfterAll
    void stop() throws IOException {
        database.close();
    }

    @BeforeEach
    void empty() {
        database.jdbc().execute("truncate capacity_sample, capacity_minute, capacity_series, capacity_quantiles");
    }

    @Test
    void theSameSampleTwiceIsKeptOnce() {
        assertThat(samples.add(ACD, seconds(120, 10, 0.2))).isEqualTo(120);
        assertThat(samples.add(ACD, seconds(121, 10, 0.2))).isEqualTo(1);

        assertThat(samples.measuredSince(START.minusSeconds(1)))
                .containsExactly(new Samples.Measured("acd", Series.WHOLE_TASK, "platform/acd", "acme", 121));
        assertThat(samples.measuredSince(START.plusSeconds(200))).isEmpty();
    }

    @Test
    void whatIsKeptCanBeFittedLikeAFile() throws IOException {
        samples.add(ACD, seconds(120, 10, 0.2));
        samples.add(new Series("acd", Series.WHOLE_TASK, "platform/acd", "acme", "task-2"), seconds(60, 20, 0.4));

        var file = SampleFile.read(
                new StringReader(samples.csv("acd", Series.WHOLE_TASK, "platform/acd", null, START.minusSeconds(1))));

        assertThat(file.rows()).isEqualTo(180);
        assertThat(file.samples().keySet()).singleElement().satisfies(kind -> {
            assertThat(kind.service()).isEqualTo("acd");
            assertThat(kind.mode()).isEqualTo(Series.WHOLE_TASK);
        });
        assertThat(file.samples().values())
                .singleElement()
                .satisfies(one -> assertThat(one.size()).isEqualTo(180));
    }

    @Test
    void anotherTenantsSamplesAreLeftOut() {
        samples.add(ACD, seconds(5, 10, 0.2));
        samples.add(new Series("acd", Series.WHOLE_TASK, "platform/acd", "globex", "task-9"), seconds(7, 10, 0.2));

        assertThat(samples.since("acd", Series.WHOLE_TASK, "platform/acd", "globex", START.minusSeconds(1)))
                .hasSize(7);
        assertThat(samples.since("acd", Series.WHOLE_TASK, "platform/acd", null, START.minusSeconds(1)))
                .hasSize(12);
    }

    @Test
    void secondsBecomeMinutesThenQuantilesThenNothing() {
        samples.add(ACD, seconds(600, 10, 0.2));

        aging(START.plus(Duration.ofHours(1))).round();
        assertThat(count("capacity_sample")).isEqualTo(600);

        aging(START.plus(Duration.ofHours(49))).round();
        assertThat(count("capacity_sample")).isZero();
        assertThat(count("capacity_minute")).isEqualTo(10);

        aging(START.plus(Duration.ofDays(20))).round();
        assertThat(count("capacity_minute")).isZero();
        assertThat(count("capacity_series")).isZero();
        assertThat(history.of("acd", Series.WHOLE_TASK)).hasSize(2).first().satisfies(cpu -> {
            assertThat(cpu.month()).isEqualTo(LocalDate.of(2026, 11, 1));
            assertThat(cpu.fromCalls()).isEqualTo(8);
            assertThat(cpu.minutes()).isEqualTo(10);
            assertThat(cpu.median()).isBetween(198L, 202L);
            assertThat(cpu.most()).isBetween(198L, 202L);
        });

        aging(START.plus(Duration.ofDays(500))).round();
        assertThat(history.of("acd", Series.WHOLE_TASK)).isEmpty();
    }

    @Test
    void quantilesOfOneMonthGrowTogether() {
        samples.add(ACD, seconds(60, 10, 0.2));
        aging(START.plus(Duration.ofDays(20))).round();
        samples.add(ACD, seconds(60, 10, 0.4));
        aging(START.plus(Duration.ofDays(20))).round();

        assertThat(history.of("acd", Series.WHOLE_TASK).getFirst().minutes()).isEqualTo(2);
        assertThat(history.of("acd", Series.WHOLE_TASK).getFirst().most()).isBetween(396L, 404L);
    }

    @Test
    void loadsAreBandedByPowersOfTwo() {
        assertThat(IntStream.of(0, 1, 2, 3, 7, 8, 1000).map(SampleAging::band)).containsExactly(0, 1, 2, 2, 4, 8, 512);
    }

    private SampleAging aging(Instant now) {
        return new SampleAging(database.jdbc(), database.transaction(), KEPT, Clock.fixed(now, ZoneOffset.UTC));
    }

    private int count(String table) {
        var count = database.jdbc().queryForObject("select count(*) from " + table, Integer.class);
        return count == null ? 0 : count;
    }

    private static List<Sample> seconds(int count, double calls, double cores) {
        return IntStream.range(0, count)
                .mapToObj(second -> new Sample(
                        START.plusSeconds(second), Map.of(Figure.CALLS, calls, Figure.CPU, cores, Figure.MEMORY, 30e6)))
                .toList();
    }
}
