package io.switchboard.capacity.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScalingTests {

    private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
    /** Ten calls a task, one spare, two to twenty tasks. */
    private static final ScalingTerms TERMS =
            new ScalingTerms(2, 20, 1, 10, Duration.ofMinutes(3), Duration.ofMinutes(15));

    private static final CpuUse UNMEASURED = new CpuUse.NotMeasured();

    private static List<Reading> steady(double calls) {
        return rising(calls, 0);
    }

    /** Twenty minutes that end with so many calls. */
    private static List<Reading> rising(double calls, double perMinute) {
        return IntStream.rangeClosed(-20, 0)
                .mapToObj(minute ->
                        new Reading(NOW.plus(Duration.ofMinutes(minute)), Math.max(0, calls + perMinute * minute)))
                .toList();
    }

    private static Situation situation(int tasks, List<Reading> readings) {
        return new Situation(NOW, tasks, readings, Expected.NOTHING, UNMEASURED, Optional.empty(), false);
    }

    private static Situation expecting(int tasks, double calls, Expected expected) {
        return new Situation(NOW, tasks, steady(calls), expected, UNMEASURED, Optional.empty(), false);
    }

    private static Situation using(int tasks, double calls, double cpuShare) {
        return new Situation(
                NOW,
                tasks,
                steady(calls),
                Expected.NOTHING,
                new CpuUse.Measured(cpuShare, tasks),
                Optional.empty(),
                false);
    }

    @Test
    void callsInProgressHaveTheirTasksAndTheSpareOne() {
        var scaling = Scaling.decide(situation(3, steady(45)), TERMS);

        assertThat(scaling.tasks()).isEqualTo(6);
        assertThat(scaling.reason())
                .isEqualTo(
                        "45 calls in progress, 45 in 3 min as they go. That takes 6 tasks, 10 calls each and 1 spare, instead of 3.");
    }

    @Test
    void asManyAsThereAreStay() {
        var scaling = Scaling.decide(situation(6, steady(45)), TERMS);

        assertThat(scaling.tasks()).isEqualTo(6);
        assertThat(scaling.needed()).isCloseTo(45, within(1e-9));
        assertThat(scaling.reason())
                .isEqualTo(
                        "45 calls in progress, 45 in 3 min as they go. That takes 6 tasks, 10 calls each and 1 spare, as there are.");
    }

    @Test
    void risingCallsAreMetBeforeTheyAreThere() {
        assertThat(Scaling.decide(situation(6, rising(45, 4)), TERMS).tasks())
                .as("57 in three minutes")
                .isEqualTo(7);
    }

    @Test
    void fallingCallsAreNotTrustedToFallFurther() {
        assertThat(Scaling.decide(situation(6, rising(45, -4)), TERMS).needed()).isGreaterThanOrEqualTo(45);
    }

    @Test
    void theProfileIsMetBeforeItsCallsCome() {
        var expected = new Expected(Optional.of(80.0), Optional.empty(), Optional.empty(), Optional.empty());

        var scaling = Scaling.decide(expecting(3, 12, expected), TERMS);

        assertThat(scaling.tasks()).isEqualTo(9);
        assertThat(scaling.reason()).contains("80 by the order's profile. That");
    }

    @Test
    void aProfileIsWorthWhatItWasInTheLastHour() {
        var quiet = new Expected(Optional.of(80.0), Optional.empty(), Optional.of(50.0), Optional.of(35.0));
        var busy = new Expected(Optional.of(80.0), Optional.empty(), Optional.of(50.0), Optional.of(500.0));
        var tooFewToTell = new Expected(Optional.of(80.0), Optional.empty(), Optional.of(2.0), Optional.of(0.0));

        assertThat(Scaling.decide(expecting(3, 12, quiet), TERMS).needed()).isEqualTo(80 * 35.0 / 50);
        assertThat(Scaling.decide(expecting(3, 12, busy), TERMS).needed()).isEqualTo(160);
        assertThat(Scaling.decide(expecting(3, 12, tooFewToTell), TERMS).needed())
                .isEqualTo(80);
    }

    @Test
    void earlierWeeksCountWhereTheyHadMore() {
        var expected = new Expected(Optional.of(20.0), Optional.of(61.0), Optional.empty(), Optional.empty());

        var scaling = Scaling.decide(expecting(3, 12, expected), TERMS);

        assertThat(scaling.tasks()).isEqualTo(8);
        assertThat(scaling.reason()).contains("as they go, 20 by the order's profile, 61 in earlier weeks. That");
    }

    @Test
    void hotTasksAreRelievedWhateverTheCallsSay() {
        var scaling = Scaling.decide(using(4, 25, 0.9), TERMS);

        assertThat(scaling.tasks()).as("4 × 0.9 / 0.65").isEqualTo(6);
        assertThat(scaling.reason())
                .endsWith(
                        "That takes 4 tasks, 10 calls each and 1 spare; their CPU is 90 % in use, so 6 instead of 4.");
    }

    @Test
    void tasksThatStartAreNotTakenForHotOnes() {
        var started = new Situation(
                NOW, 6, steady(25), Expected.NOTHING, new CpuUse.Measured(0.9, 4), Optional.of(NOW), false);

        assertThat(Scaling.decide(started, TERMS).tasks()).isEqualTo(6);
    }

    @Test
    void aStepInLoadIsNotTakenForARiseThatGoesOn() {
        var up = stepping(40, 90);
        var down = stepping(90, 40);

        assertThat(Scaling.decide(up, TERMS).needed()).isEqualTo(90);
        assertThat(Scaling.decide(down, TERMS).needed())
                .as("of the last quarter of an hour")
                .isEqualTo(90);
        assertThat(Scaling.decide(down, TERMS).reason())
                .startsWith("40 calls in progress, 40 in 3 min as they go. At most 90 in the last 15 min.");
    }

    /** Twenty minutes, a reading in each; the load changed five minutes ago. */
    private static Situation stepping(double before, double after) {
        var readings = IntStream.rangeClosed(-20, 0)
                .mapToObj(minute -> new Reading(NOW.plus(Duration.ofMinutes(minute)), minute < -5 ? before : after))
                .toList();
        return new Situation(NOW, 12, readings, Expected.NOTHING, UNMEASURED, Optional.empty(), false);
    }

    @Test
    void whatIsNotMeasuredMaySurelyBeUsed() {
        var half = new Situation(
                NOW, 10, steady(12), Expected.NOTHING, new CpuUse.Measured(0.7, 5), Optional.empty(), false);

        assertThat(Scaling.decide(half, TERMS).tasks()).as("10 × 0.7 / 0.8").isEqualTo(9);
    }

    @Test
    void noneComesUnlessThoseThereAreHot() {
        var replaced = new Situation(
                NOW, 4, steady(12), Expected.NOTHING, new CpuUse.Measured(0.5, 8), Optional.empty(), false);

        assertThat(Scaling.decide(replaced, TERMS).tasks())
                .as("8 × 0.5 / 0.8 are no more than there are")
                .isEqualTo(4);
    }

    @Test
    void noneGoesWhoseCpuWouldMakeTheOthersHot() {
        assertThat(Scaling.decide(using(6, 12, 0.7), TERMS).tasks())
                .as("6 × 0.7 / 0.8")
                .isEqualTo(6);
        assertThat(Scaling.decide(using(6, 12, 0.3), TERMS).tasks())
                .as("6 × 0.3 / 0.8")
                .isEqualTo(3);
    }

    @Test
    void fewerComeOnlyAfterACalmTime() {
        var changed = new Situation(
                NOW,
                9,
                steady(12),
                Expected.NOTHING,
                UNMEASURED,
                Optional.of(NOW.minus(Duration.ofMinutes(14))),
                false);

        assertThat(Scaling.decide(changed, TERMS).tasks()).isEqualTo(9);
        assertThat(Scaling.decide(changed, TERMS).reason())
                .endsWith(
                        "That takes 3 tasks, 10 calls each and 1 spare; none goes within 15 min of the last change, so 9 as there are.");
        assertThat(Scaling.decide(situation(9, steady(12)), TERMS).tasks()).isEqualTo(3);
    }

    @Test
    void noneGoesBeforeCallsWereWatchedLongEnough() {
        var watched = steady(12).subList(10, 21);

        assertThat(Scaling.decide(situation(9, watched), TERMS).reason())
                .endsWith("none goes before calls were watched for 15 min, so 9 as there are.");
    }

    @Test
    void noneGoesWhileItIsNotKnownWhatTheyUse() {
        var unknown =
                new Situation(NOW, 9, steady(12), Expected.NOTHING, new CpuUse.NotKnown(), Optional.empty(), false);

        assertThat(Scaling.decide(unknown, TERMS).tasks()).isEqualTo(9);
        assertThat(Scaling.decide(unknown, TERMS).reason())
                .endsWith("none goes until it is known how much CPU they use, so 9 as there are.");
    }

    @Test
    void aPeakWithinTheCalmTimeKeepsItsTasks() {
        var readings = new ArrayList<>(steady(12));
        readings.set(8, new Reading(readings.get(8).at(), 58));

        assertThat(Scaling.decide(situation(9, readings), TERMS).tasks()).isEqualTo(7);
        assertThat(Scaling.decide(situation(7, readings), TERMS).reason())
                .endsWith(
                        "At most 58 in the last 15 min. That takes 7 tasks, 10 calls each and 1 spare, as there are.");
    }

    @Test
    void overAGapAPeakMayHaveComeAndGone() {
        var gap = new ArrayList<>(steady(12));
        gap.subList(10, 14).clear();

        assertThat(Scaling.decide(situation(9, gap), TERMS).reason())
                .endsWith("none goes before calls were watched for 15 min, so 9 as there are.");
    }

    @Test
    void noneGoesDuringARolloutAndMoreCome() {
        var idle = new Situation(NOW, 9, steady(12), Expected.NOTHING, UNMEASURED, Optional.empty(), true);
        var busy = new Situation(NOW, 9, steady(112), Expected.NOTHING, UNMEASURED, Optional.empty(), true);

        assertThat(Scaling.decide(idle, TERMS).reason()).endsWith("none goes during a rollout, so 9 as there are.");
        assertThat(Scaling.decide(busy, TERMS).tasks()).isEqualTo(13);
    }

    @Test
    void noneComesForAPeakThatIsOver() {
        var readings = new ArrayList<>(steady(12));
        readings.set(8, new Reading(readings.get(8).at(), 100));

        assertThat(Scaling.decide(situation(5, readings), TERMS).reason())
                .endsWith(
                        "At most 100 in the last 15 min. That takes 11 tasks, 10 calls each and 1 spare; none comes for"
                                + " calls that have ended, so 5 as there are.");
    }

    @Test
    void whatLimitsHotTasksIsTold() {
        assertThat(Scaling.decide(using(20, 190, 0.95), TERMS).reason())
                .endsWith("That takes 20 tasks, 10 calls each and 1 spare; their CPU is 95 % in use and at most 20 are"
                        + " allowed, so 20 as there are.");
    }

    @Test
    void aCallEachAndPartsOfOneReadWell() {
        assertThat(terms(1).words()).isEqualTo("1 call each and 1 spare");
        assertThat(terms(0.04).words()).isEqualTo("0.04 calls each and 1 spare");
        assertThat(terms(9.97).words()).isEqualTo("9.97 calls each and 1 spare");
        assertThat(terms(2_000).words()).isEqualTo("2000 calls each and 1 spare");
    }

    private static ScalingTerms terms(double callsPerTask) {
        return new ScalingTerms(2, 20, 1, callsPerTask, TERMS.lead(), TERMS.calm());
    }

    @Test
    void limitsHoldAndAreTold() {
        var most = Scaling.decide(situation(20, steady(400)), TERMS);
        var least = Scaling.decide(situation(2, steady(0)), TERMS);

        assertThat(most.tasks()).isEqualTo(20);
        assertThat(most.reason())
                .endsWith(
                        "That takes 41 tasks, 10 calls each and 1 spare; at most 20 are allowed, so 20 as there are.");
        assertThat(least.tasks()).isEqualTo(2);
        assertThat(Scaling.decide(situation(3, steady(0)), new ScalingTerms(3, 20, 0, 10.5, TERMS.lead(), TERMS.calm()))
                        .reason())
                .endsWith("That takes 1 task, 10.5 calls each; at least 3 must run, so 3 as there are.");
    }

    @Test
    void lowerLimitsWaitForTheCallsInProgress() {
        var lowered = new ScalingTerms(2, 3, 1, 10, Duration.ofMinutes(3), Duration.ofMinutes(15));

        assertThat(Scaling.decide(situation(12, steady(105)), lowered).tasks()).isEqualTo(12);
        assertThat(Scaling.decide(situation(12, steady(150)), lowered).reason())
                .endsWith("at most 3 are allowed and those that carry calls stay, so 12 as there are.");
        assertThat(Scaling.decide(situation(12, steady(45)), lowered).tasks()).isEqualTo(6);
        assertThat(Scaling.decide(situation(12, steady(5)), lowered).tasks()).isEqualTo(2);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Reading(NOW, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new Reading(NOW, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> situation(2, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScalingTerms(3, 2, 1, 10, Duration.ofMinutes(3), Duration.ofMinutes(15)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ScalingTerms(1, 2, 1, 0, Duration.ofMinutes(3), Duration.ofMinutes(15)));
    }

    @Test
    void neverBelowCallsInProgressWhateverHappens() {
        var random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            double calls = random.nextInt(150);
            var readings = IntStream.rangeClosed(-20, 0)
                    .mapToObj(minute -> new Reading(
                            NOW.plus(Duration.ofMinutes(minute)), minute == 0 ? calls : random.nextInt(150)))
                    .toList();
            var situation = new Situation(
                    NOW,
                    2 + random.nextInt(19),
                    readings,
                    new Expected(some(random), some(random), some(random), some(random)),
                    random.nextBoolean()
                            ? UNMEASURED
                            : new CpuUse.Measured(random.nextDouble(1.5), 1 + random.nextInt(20)),
                    random.nextBoolean()
                            ? Optional.empty()
                            : Optional.of(NOW.minus(Duration.ofMinutes(random.nextInt(40)))),
                    false);

            var scaling = Scaling.decide(situation, TERMS);

            assertThat(scaling.tasks()).isBetween(2, 20);
            assertThat(scaling.reason()).doesNotContain("; ,").endsWith(".");
            assertThat(scaling.tasks() * TERMS.callsPerTask()).isGreaterThanOrEqualTo(calls);
        }
    }

    private static Optional<Double> some(SplittableRandom random) {
        return random.nextBoolean() ? Optional.empty() : Optional.of(random.nextDouble(150));
    }
}
