package io.switchboard.capacity.model;

import io.switchboard.capacity.model.Rejections.Reason;
import java.util.Arrays;
import java.util.Map;

/**
 * Sets aside values that no working measurement brings; a value is only ever judged by its neighbours.
 *
 * <p>Outliers: beyond twelve times the upper quartile of their block, where a quiet block is judged by half the kind's
 * median at least, so that rare bursts at idle stay. Units: a factor of 512 to 2048 from the block's median, for memory,
 * which never moves that fast. CPU: more than the limit in force, or held back by it.
 */
final class Plausibility {

    private static final double FAR = 12;
    private static final double HELD_BACK = 0.05;

    private final Rejections rejections;
    private final int[] block;
    private final Map<Quality, double[]> quality;
    private final int blocks;

    Plausibility(Rejections rejections, int[] block, Map<Quality, double[]> quality) {
        this.rejections = rejections;
        this.block = block;
        this.quality = quality;
        this.blocks = Arrays.stream(block).max().orElse(-1) + 1;
    }

    void apply(Map<Resource, double[]> uses) {
        uses.forEach((resource, values) -> {
            switch (resource) {
                case CPU -> {
                    limits(values);
                    outliers(values);
                }
                case MEMORY -> {
                    units(values);
                    outliers(values);
                }
                case NETWORK_IN, NETWORK_OUT, DISK -> outliers(values);
            }
        });
    }

    private void limits(double[] values) {
        double[] limit = quality.get(Quality.CPU_LIMIT);
        double[] throttled = quality.get(Quality.THROTTLED);
        for (int row = 0; row < values.length; row++) {
            // One second of sampling jitter is a few percent.
            if (limit != null && values[row] > limit[row] * 1.5) {
                reject(values, row, Reason.ABOVE_LIMIT);
            } else if (throttled != null && throttled[row] > HELD_BACK && !Double.isNaN(values[row])) {
                reject(values, row, Reason.THROTTLED);
            }
        }
    }

    private void units(double[] values) {
        double[] typical = quantiles(values, 0.5);
        double all = quantile(values, 0.5);
        for (int row = 0; row < values.length; row++) {
            if (otherUnit(values[row] / typical[block[row]]) || otherUnit(values[row] / all)) {
                reject(values, row, Reason.MIXED_UNIT);
            }
        }
    }

    private static boolean otherUnit(double factor) {
        return factor > 512 && factor < 2048 || factor > 1 / 2048.0 && factor < 1 / 512.0;
    }

    private void outliers(double[] values) {
        double[] upper = quantiles(values, 0.75);
        double quiet = quantile(values, 0.5) / 2;
        for (int row = 0; row < values.length; row++) {
            if (values[row] > FAR * Math.max(upper[block[row]], quiet)) {
                reject(values, row, Reason.OUTLIER);
            }
        }
    }

    private void reject(double[] values, int row, Reason reason) {
        values[row] = Double.NaN;
        rejections.count(reason);
    }

    private double[] quantiles(double[] values, double share) {
        var sizes = new int[blocks];
        for (int row = 0; row < values.length; row++) {
            sizes[block[row]] += Double.isNaN(values[row]) ? 0 : 1;
        }
        var sorted = new double[blocks][];
        Arrays.setAll(sorted, index -> new double[sizes[index]]);
        var filled = new int[blocks];
        for (int row = 0; row < values.length; row++) {
            if (!Double.isNaN(values[row])) {
                sorted[block[row]][filled[block[row]]++] = values[row];
            }
        }
        return Arrays.stream(sorted).mapToDouble(part -> ofSorted(part, share)).toArray();
    }

    private static double quantile(double[] values, double share) {
        return ofSorted(
                Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray(), share);
    }

    private static double ofSorted(double[] values, double share) {
        if (values.length == 0) {
            return 0;
        }
        Arrays.sort(values);
        return values[(int) Math.floor(share * (values.length - 1))];
    }
}
