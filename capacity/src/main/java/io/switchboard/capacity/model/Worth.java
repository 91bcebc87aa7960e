package io.switchboard.capacity.model;

import java.util.List;

/**
 * What a model was worth on the seconds it was fitted to.
 *
 * @param seconds steady seconds that the bound was held against
 * @param violations how many of them exceeded it
 * @param slack share of the bound that was not used above a fifth of the highest load; NaN if nothing was measured there
 * @param residuals use over expected use, less one, at the quantiles of {@link #QUANTILES}; empty if nothing was expected
 * @param notes what one must know, in whole sentences
 */
public record Worth(int seconds, int violations, double slack, List<Double> residuals, List<String> notes) {

    /** At which quantiles residuals are kept. */
    public static final List<Double> QUANTILES = List.of(0.01, 0.1, 0.5, 0.9, 0.99);

    public Worth {
        residuals = List.copyOf(residuals);
        notes = List.copyOf(notes);
    }

    static Worth of(Fitted fitted) {
        var training = fitted.training();
        // With a hold-out the observations are its own.
        double[] residuals = fitted.observations().stream()
                .filter(one -> fitted.holdout().isEmpty() && one.mean() > 0)
                .mapToDouble(one -> one.use() / one.mean() - 1)
                .sorted()
                .toArray();
        return new Worth(
                training.seconds(), training.violations(), training.slack(), quantiles(residuals), fitted.notes());
    }

    private static List<Double> quantiles(double[] sorted) {
        return sorted.length == 0
                ? List.of()
                : QUANTILES.stream()
                        .map(share -> sorted[(int) Math.round(share * (sorted.length - 1))])
                        .map(value -> Math.round(value * 1e4) / 1e4)
                        .toList();
    }

    /** The share of seconds within the bound; NaN without seconds. */
    public double coverage() {
        return seconds == 0 ? Double.NaN : 1 - (double) violations / seconds;
    }
}
