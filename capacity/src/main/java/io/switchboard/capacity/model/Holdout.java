package io.switchboard.capacity.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a model does on seconds it was not fitted to.
 *
 * @param windows ten-second windows that the error is a mean over, idle ones left out
 * @param error mean relative error of the mean, relative to the use or a tenth of the mean use, whichever is more
 * @param seconds steady seconds that the bound was held against
 * @param violations how many of them exceeded the bound
 * @param slack share of the bound that is not used, on average over the loads above a fifth of the highest (relative slack
 *     as in Rzadca et al., Autopilot, 2020); NaN if there was none
 * @param used what all these seconds used together, in the resource's unit
 * @param bounded what the bounds of all these seconds allow together
 */
public record Holdout(
        int windows, double error, int seconds, int violations, double slack, double used, double bounded) {

    private static final double LOADED = 0.2;

    /** The share of seconds within the bound; NaN without seconds. */
    public double coverage() {
        return seconds == 0 ? Double.NaN : 1 - (double) violations / seconds;
    }

    /** What a model predicts for a row of samples. */
    interface Prediction {
        double at(int row);
    }

    public static Holdout of(ConsumptionModel model, Samples samples) {
        var windows = Windows.of(samples);
        return of(
                model.resource(),
                samples,
                windows,
                IntStream.range(0, windows.size()).toArray(),
                row -> model.mean(driver -> windows.driver(driver, row)),
                row -> model.bound(driver -> samples.driver(driver, row)));
    }

    static Holdout of(
            Resource resource, Samples samples, Windows windows, int[] rows, Prediction mean, Prediction bound) {
        var stated = Arrays.stream(rows)
                .filter(row -> !Double.isNaN(windows.use(resource, row)))
                .toArray();
        double floor = 0.1
                * Arrays.stream(stated)
                        .mapToDouble(row -> windows.use(resource, row))
                        .average()
                        .orElse(0);
        double[] errors = Arrays.stream(stated)
                .filter(row -> !windows.idle(row))
                .mapToDouble(row -> Math.abs(windows.use(resource, row) - mean.at(row))
                        / Math.max(Math.max(windows.use(resource, row), floor), Double.MIN_NORMAL))
                .toArray();
        int[] seconds = IntStream.range(0, samples.size())
                .filter(samples::steady)
                .filter(row -> !Double.isNaN(samples.use(resource, row)))
                .toArray();
        int violations = (int) Arrays.stream(seconds)
                .filter(row -> samples.use(resource, row) > bound.at(row))
                .count();
        return new Holdout(
                errors.length,
                Arrays.stream(errors).average().orElse(Double.NaN),
                seconds.length,
                violations,
                slack(resource, samples, seconds, bound),
                Arrays.stream(seconds)
                        .mapToDouble(row -> samples.use(resource, row))
                        .sum(),
                Arrays.stream(seconds).mapToDouble(bound::at).sum());
    }

    /** By block, so that one quiet second does not count for more than a loaded one. */
    private static double slack(Resource resource, Samples samples, int[] seconds, Prediction bound) {
        double highest = Arrays.stream(seconds)
                .mapToDouble(row -> samples.driver(Driver.CALLS, row))
                .filter(calls -> !Double.isNaN(calls))
                .max()
                .orElse(Double.NaN);
        var sums = new HashMap<Integer, double[]>();
        for (int row : seconds) {
            double calls = samples.driver(Driver.CALLS, row);
            if (!(calls < LOADED * highest)) {
                var sum = sums.computeIfAbsent(samples.block(row), block -> new double[2]);
                sum[0] += bound.at(row);
                sum[1] += samples.use(resource, row);
            }
        }
        return List.copyOf(sums.values()).stream()
                .filter(sum -> sum[0] > 0)
                .mapToDouble(sum -> 1 - sum[1] / sum[0])
                .average()
                .orElse(Double.NaN);
    }
}
