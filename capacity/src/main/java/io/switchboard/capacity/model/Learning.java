package io.switchboard.capacity.model;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Fits a consumption model: windows choose the form and its coefficients, seconds calibrate the bound.
 *
 * @param violation share of seconds that may exceed a bound; memory has none to spare, because exceeding it kills a task
 * @param demandOnly whether packets are taken as unknown and derived from calls
 */
public record Learning(double violation, boolean demandOnly) {

    /** Seconds beyond the bound, by design: one in a hundred. */
    public static final Learning NOMINAL = new Learning(0.01, false);

    /** Megabytes that an allocator takes at once, whatever is asked of it. */
    private static final double MEMORY_STEP = 2;

    /** The model of a resource from all blocks of the samples. */
    public ConsumptionModel fit(Samples samples, Resource resource) {
        var windows = Windows.of(samples);
        return fit(
                samples, resource, windows, IntStream.range(0, windows.size()).toArray());
    }

    ConsumptionModel fit(Samples samples, Resource resource, Windows windows, int[] rows) {
        var validation = new CrossValidation(windows, resource, rows);
        var choice = validation.choose(Candidates.of(resource, windows, rows, demandOnly));
        return calibrate(samples, resource, windows, rows, choice);
    }

    /** A model of a given form: what the form would have predicted if other blocks had been measured. */
    ConsumptionModel calibrate(
            Samples samples, Resource resource, Windows windows, int[] rows, CrossValidation.Choice choice) {
        var derived = DerivedDrivers.of(windows);
        var highest = highest(windows, rows);
        var model = new ConsumptionModel(
                samples.kind(),
                resource,
                choice,
                new Bounds(new double[] {0, 0, 0}, 0, 0, 0),
                derived,
                highest,
                Envelope.none());
        int[] seconds = IntStream.range(0, samples.size())
                .filter(row -> choice.byBlock().containsKey(samples.block(row)))
                .filter(row -> !Double.isNaN(samples.use(resource, row)))
                .toArray();
        var means = new double[seconds.length];
        var guards = new double[seconds.length];
        var uses = new double[seconds.length];
        var loads = new double[seconds.length];
        for (int index = 0; index < seconds.length; index++) {
            int row = seconds[index];
            var fit = choice.byBlock().get(samples.block(row));
            if (fit == null) {
                continue;
            }
            means[index] = model.mean(fit, fit.base(samples.life(row)), driver -> samples.driver(driver, row));
            guards[index] = model.guard(fit, means[index], driver -> samples.driver(driver, row));
            uses[index] = samples.use(resource, row);
            loads[index] = samples.driver(Driver.CALLS, row);
        }
        double allowed = resource == Resource.MEMORY ? 0 : violation;
        var bounds = Bounds.calibrate(
                means, guards, uses, allowed, betweenRuns(resource), resource == Resource.MEMORY ? MEMORY_STEP : 0);
        return new ConsumptionModel(
                samples.kind(), resource, choice, bounds, derived, highest, new Envelope(loads, uses));
    }

    /**
     * Every block predicted by a model that never saw it: form, coefficients and bound come from the other blocks.
     *
     * <p>The honest figure for what {@link #fit} promises, at the price of as many fits as there are blocks.
     */
    public Holdout leftOut(Samples samples, Resource resource) {
        var windows = Windows.of(samples);
        int[] all = IntStream.range(0, windows.size()).toArray();
        var means = new double[windows.size()];
        var bounds = new double[samples.size()];
        Arrays.fill(bounds, Double.NaN);
        for (int block : Arrays.stream(all).map(windows::block).distinct().toArray()) {
            var rest = Arrays.stream(all)
                    .filter(row -> windows.block(row) != block)
                    .toArray();
            var model = fit(samples, resource, windows, rest);
            for (int row : all) {
                if (windows.block(row) == block) {
                    int life = windows.life(row);
                    means[row] = model.mean(life, driver -> windows.driver(driver, row));
                }
            }
            for (int row = 0; row < samples.size(); row++) {
                if (samples.block(row) == block) {
                    int second = row;
                    bounds[row] = model.bound(driver -> samples.driver(driver, second));
                }
            }
        }
        return Holdout.of(resource, samples, windows, all, row -> means[row], row -> bounds[row]);
    }

    private static Map<Driver, Double> highest(Windows windows, int[] rows) {
        var highest = new EnumMap<Driver, Double>(Driver.class);
        for (var driver : Driver.values()) {
            if (windows.has(driver)) {
                highest.put(driver, windows.highest(driver, rows));
            }
        }
        return highest;
    }

    /**
     * What a second run of the same service adds at equal load, as a share: the runs measured with other neighbours and
     * other containers differ by that much (memory starts from another base, CPU per packet depends on the host).
     */
    private static double betweenRuns(Resource resource) {
        return switch (resource) {
            case MEMORY -> 0.22;
            case CPU -> 0.03;
            case NETWORK_IN, NETWORK_OUT, DISK -> 0.01;
        };
    }
}
