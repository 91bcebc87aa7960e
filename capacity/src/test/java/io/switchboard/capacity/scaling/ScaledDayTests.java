package io.switchboard.capacity.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.capacity.demand.DayShape;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A day of calls that come by chance, as a queue without limits (M/M/∞) with the rate of an office's day, second by
 * second; tasks take a minute to start, and one that goes ends its calls first.
 */
class ScaledDayTests {

    private static final Instant MIDNIGHT = Instant.parse("2026-03-02T00:00:00Z");
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final int START_SECONDS = 60;
    private static final double HANDLING_SECONDS = 180;
    private static final double BUSIEST_ERLANGS = 200;
    /** Of the 86,400 seconds of a day: plans allow for two deviations only, in each of its half-hours. */
    private static final int SELDOM = 60;

    private static final ScalingTerms TERMS =
            new ScalingTerms(2, 24, 1, 10, Duration.ofMinutes(3), Duration.ofMinutes(15));

    /** @param secondsShort in which calls had too few tasks, and the peak's would have carried them */
    private record Day(long secondsShort, double taskHours, int changes) {}

    /** @param worth how much of its profile the day really has */
    private static Day run(long seed, Optional<DayShape> profile, double worth) {
        var random = new SplittableRandom(seed);
        var ends = new PriorityQueue<Double>();
        var starting = new PriorityQueue<Integer>();
        var readings = new ArrayList<Reading>();
        int wanted = 24;
        int ready = 24;
        var changed = Optional.<Instant>empty();
        long secondsShort = 0;
        double taskSeconds = 0;
        int changes = 0;
        for (int second = 0; second < 86_400; second++) {
            double rate = worth
                    * BUSIEST_ERLANGS
                    / HANDLING_SECONDS
                    * DayShape.OFFICE.factors().get(second / 1800);
            for (double at = exponential(random, rate); at < 1; at += exponential(random, rate)) {
                ends.add(second + at + exponential(random, 1 / HANDLING_SECONDS));
            }
            while (!ends.isEmpty() && ends.peek() <= second) {
                ends.remove();
            }
            while (!starting.isEmpty() && starting.peek() <= second) {
                starting.remove();
                ready = Math.min(wanted, ready + 1);
            }
            boolean fits = ends.size() <= TERMS.maxTasks() * TERMS.callsPerTask();
            secondsShort += fits && ends.size() > ready * TERMS.callsPerTask() ? 1 : 0;
            taskSeconds += wanted;
            if (second % EVERY.toSeconds() == 0) {
                var now = MIDNIGHT.plusSeconds(second);
                readings.add(new Reading(now, ends.size()));
                readings.removeIf(one -> one.at().isBefore(now.minus(Duration.ofHours(2))));
                var situation = new Situation(
                        now,
                        wanted,
                        readings,
                        expected(profile, second, readings),
                        new CpuUse.NotMeasured(),
                        changed,
                        false);
                int next = Scaling.decide(situation, TERMS).tasks();
                if (next != wanted) {
                    changes++;
                    changed = Optional.of(now);
                }
                for (int more = wanted; more < next; more++) {
                    starting.add(second + START_SECONDS);
                }
                wanted = next;
                ready = Math.min(ready, wanted);
            }
        }
        return new Day(secondsShort, taskSeconds / 3600, changes);
    }

    private static Expected expected(Optional<DayShape> profile, int second, List<Reading> readings) {
        int half = second / 1800;
        var begin = MIDNIGHT.plusSeconds(1800L * half);
        double seen = readings.stream()
                .filter(one -> one.at().isBefore(begin))
                .filter(one -> !one.at().isBefore(begin.minus(Duration.ofHours(1))))
                .mapToDouble(Reading::calls)
                .max()
                .orElse(0);
        return new Expected(
                profile.map(
                        shape -> most(shape, half, (second + (int) TERMS.lead().toSeconds()) / 1800)),
                Optional.empty(),
                profile.map(shape -> most(shape, half - 2, half - 1)),
                Optional.of(seen));
    }

    /** What a plan for these half-hours carries: their erlangs and two deviations. */
    private static double most(DayShape shape, int from, int until) {
        double most = 0;
        for (int half = Math.max(0, from); half <= until; half++) {
            double erlangs = BUSIEST_ERLANGS * shape.factors().get(half % 48);
            most = Math.max(most, erlangs + 2 * Math.sqrt(erlangs));
        }
        return most;
    }

    private static double exponential(SplittableRandom random, double rate) {
        return rate <= 0 ? Double.POSITIVE_INFINITY : -Math.log(1 - random.nextDouble()) / rate;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aDayByItsProfileTakesLessThanHalfOfItsPeakAllDay(long seed) {
        var day = run(seed, Optional.of(DayShape.OFFICE), 1);

        assertThat(day.secondsShort()).isLessThan(SELDOM);
        assertThat(day.taskHours()).isLessThan(0.5 * 24 * 24);
        assertThat(day.changes()).isLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aQuietDayTakesLessThanItsProfile(long seed) {
        var quiet = run(seed, Optional.of(DayShape.OFFICE), 0.6);

        assertThat(quiet.secondsShort()).isLessThan(SELDOM);
        assertThat(quiet.taskHours())
                .isLessThan(0.8 * run(seed, Optional.of(DayShape.OFFICE), 1).taskHours());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void withoutAProfileItFollowsTheCalls(long seed) {
        var day = run(seed, Optional.empty(), 1);

        // Half-hours begin at once here, up to five times as busy as the one before: nothing but a profile foresees
        // that.
        assertThat(day.secondsShort()).isLessThan(300);
        assertThat(day.taskHours()).isLessThan(0.5 * 24 * 24);
    }

    @Test
    void aBusierDayThanOrderedIsFollowedAsFarAsAllowed() {
        var day = run(9, Optional.of(DayShape.OFFICE), 1.05);

        assertThat(day.secondsShort()).isLessThan(SELDOM);
    }
}
