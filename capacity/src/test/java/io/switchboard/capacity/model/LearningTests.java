package io.switchboard.capacity.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearningTests {

    private static final Kind MADE = new Kind("made", "PCMU");

    @Test
    void findsTheLineThatMadeTheData() {
        var samples = made(7, 0.05, 0.002, 0.1, 0, 10, 20, 40, 80, 120, 160, 200);

        var model = Learning.NOMINAL.fit(samples, Resource.CPU);

        assertThat(model.mean(Load.calls(100, 100 / 30.0))).isCloseTo(0.25, within(0.01));
        assertThat(model.mean(Load.calls(0, 0))).isCloseTo(0.05, within(0.01));
        assertThat(model.crossValidatedError()).isLessThan(0.05);
    }

    @Test
    void boundsOfGaussianNoiseCoverWhatTheySay() {
        var training = made(7, 0.05, 0.002, 0.1, 0, 10, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200);
        var fresh = made(8, 0.05, 0.002, 0.1, 5, 30, 70, 110, 150, 190, 15, 90, 130, 170, 55, 25);

        var holdout = Holdout.of(Learning.NOMINAL.fit(training, Resource.CPU), fresh);

        // 480 seconds: three standard deviations around 99 %, and what the allowance between runs adds.
        assertThat(holdout.coverage()).isBetween(0.976, 1.0);
        assertThat(holdout.slack()).isLessThan(0.3);
    }

    @Test
    void loadsLeftOutStayWithinTheBound() {
        var relay = Measured.relay();

        assertThat(Learning.NOMINAL.leftOut(relay, Resource.CPU).coverage()).isGreaterThanOrEqualTo(0.98);
        assertThat(Learning.NOMINAL.leftOut(relay, Resource.MEMORY).coverage()).isEqualTo(1);
    }

    @Test
    void anotherRunStaysWithinTheBound() {
        var busy = Measured.relayBesideBusyNeighbours();

        var cpu = Holdout.of(Learning.NOMINAL.fit(Measured.relay(), Resource.CPU), busy);
        var memory = Holdout.of(Learning.NOMINAL.fit(Measured.relay(), Resource.MEMORY), busy);

        assertThat(cpu.coverage()).isGreaterThanOrEqualTo(0.985);
        assertThat(memory.coverage()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Resource.class,
            names = {"CPU", "MEMORY", "NETWORK_IN", "NETWORK_OUT"})
    void everyModelOnlyGrowsAndIsNeverNegative(Resource resource) {
        var model = Learning.NOMINAL.fit(Measured.relay(), resource);
        var random = new SplittableRandom(3);

        for (int trial = 0; trial < 2_000; trial++) {
            var less = new EnumMap<Driver, Double>(Driver.class);
            var more = new EnumMap<Driver, Double>(Driver.class);
            for (var driver : Driver.values()) {
                double value = random.nextDouble() * 1.5 * Math.min(30_000, model.measured(driver));
                less.put(driver, value);
                more.put(driver, value * (1 + (random.nextBoolean() ? random.nextDouble() : 0)));
            }
            assertGrows(model, new Load(less), new Load(more));
        }
    }

    @Test
    void whateverTheDataTheModelOnlyGrowsAndIsNeverNegative() {
        for (int seed = 0; seed < 12; seed++) {
            var random = new Random(seed);
            double[] calls = random.doubles(3 + random.nextInt(8), 0, 300).toArray();
            // The use need not follow the load at all.
            var samples =
                    made(seed, random.nextDouble(), (random.nextDouble() - 0.3) / 500, random.nextDouble(), calls);
            for (var resource : samples.resources()) {
                var model = Learning.NOMINAL.fit(samples, resource);
                for (double at = 0; at < 600; at += 7) {
                    assertGrows(model, Load.calls(at, at / 30), Load.calls(at + 7, (at + 7) / 30));
                }
            }
        }
    }

    @Test
    void memoryFollowsThePeakNotTheLoad() {
        var model = Learning.NOMINAL.fit(Measured.relay(), Resource.MEMORY);
        var atPeak = new EnumMap<Driver, Double>(Driver.class);
        atPeak.put(Driver.CALLS, 200.0);
        var afterPeak = new EnumMap<>(atPeak);
        afterPeak.put(Driver.CALLS, 10.0);
        afterPeak.put(Driver.PEAK_CALLS, 200.0);
        var fresh = new EnumMap<>(atPeak);
        fresh.put(Driver.CALLS, 10.0);

        assertThat(model.bound(new Load(afterPeak))).isGreaterThan(1.15 * model.bound(new Load(fresh)));
        assertThat(model.bound(new Load(afterPeak))).isCloseTo(model.bound(new Load(atPeak)), within(5.0));
    }

    @Test
    void beyondTheMeasuredRangeTheBoundWidens() {
        var model = Learning.NOMINAL.fit(Measured.relay(), Resource.CPU);
        var inside = Load.calls(200, 10);
        var outside = Load.calls(480, 24);

        assertThat(model.extrapolates(inside)).isFalse();
        assertThat(model.extrapolates(outside)).isTrue();
        assertThat(model.bound(outside) / model.mean(outside)).isGreaterThan(model.bound(inside) / model.mean(inside));
    }

    @Test
    void packetsFollowFromCallsWhereNobodyStatesThem() {
        var model = Learning.NOMINAL.fit(Measured.relay(), Resource.NETWORK_IN);

        // 100 packets a second of 214 bytes for each relayed call.
        assertThat(model.mean(Load.calls(100, 3))).isCloseTo(2_140, within(80.0));
    }

    @Test
    void theKneeIsWhereQualityStillHeld() {
        var knees = Knee.of(Measured.relayWithTooLittleCpu());

        assertThat(knees).singleElement().satisfies(knee -> {
            assertThat(knee.limit()).isEqualTo(0.2);
            assertThat(knee.calls()).isBetween(150.0, 210.0);
            assertThat(knee.utilisation()).isBetween(0.85, 1.0);
        });
        assertThat(Knee.of(Measured.relay())).isEmpty();
    }

    @Test
    void whatALimitHeldBackIsNoMeasureOfNeed() {
        var file = Measured.parse(Measured.relayLines());
        assertThat(file.rejections().get(Measured.RELAY))
                .isNotNull()
                .satisfies(rejections -> assertThat(rejections.counts()).isEmpty());

        var limited = Measured.relayWithTooLittleCpu();
        long stated = IntStream.range(0, limited.size())
                .filter(row -> !Double.isNaN(limited.use(Resource.CPU, row)))
                .count();
        assertThat(stated).isLessThan(limited.size() / 2);
    }

    private static void assertGrows(ConsumptionModel model, Load less, Load more) {
        assertThat(model.mean(less)).isNotNegative();
        assertThat(model.bound(less)).isGreaterThanOrEqualTo(model.mean(less));
        assertThat(model.mean(more)).isGreaterThanOrEqualTo(model.mean(less) - 1e-12);
        assertThat(model.bound(more)).isGreaterThanOrEqualTo(model.bound(less) - 1e-12);
        assertThat(model.reservation(more)).isGreaterThanOrEqualTo(model.reservation(less) - 1e-12);
    }

    private static Samples made(int seed, double fixed, double perCall, double noise, double... calls) {
        List<String> lines = Measured.made(new Random(seed), fixed, perCall, noise, calls);
        return Objects.requireNonNull(Measured.parse(lines).samples().get(MADE));
    }
}
