package io.switchboard.capacity.model;

import java.util.Arrays;

/**
 * A one-sided upper bound that a second exceeds with a stated probability.
 *
 * <p>The spread grows with the mean, {@code σ² = a + b·mean + c·mean²}, none negative. Residuals over σ of seconds whose
 * block the mean had not seen give the quantile (split conformal prediction with normalised residuals: Vovk 2005; Lei et
 * al. 2018); so the bound also holds what the mean gets wrong from load to load.
 *
 * @param spread a, b and c
 * @param quantile spreads above the mean
 * @param margin share of the mean on top, for what another container or another day changes: blocks of one run can't show
 *     it
 * @param step the least that this is, in the resource's unit
 */
record Bounds(double[] spread, double quantile, double margin, double step) {

    /**
     * @param means predicted without the second's block
     * @param guards what the bound adds at that second for being beyond what the other blocks measured
     * @param uses what was measured
     * @param violation share of seconds that may exceed the bound; 0 for the largest residual
     */
    static Bounds calibrate(
            double[] means, double[] guards, double[] uses, double violation, double margin, double step) {
        double[] spread = spread(means, uses);
        var scores = new double[means.length];
        for (int row = 0; row < scores.length; row++) {
            scores[row] = (uses[row] - means[row] - guards[row]) / sigma(spread, means[row]);
        }
        Arrays.sort(scores);
        // The (n+1)(1−α)-th smallest score, or the largest if there are too few to say.
        int rank = (int) Math.ceil((scores.length + 1) * (1 - violation));
        double quantile = scores.length == 0 ? 0 : scores[Math.min(rank, scores.length) - 1];
        return new Bounds(spread, Math.max(0, quantile), margin, step);
    }

    double at(double mean) {
        return mean + Math.max(margin * mean, step) + quantile * sigma(spread, mean);
    }

    private static double sigma(double[] spread, double mean) {
        return Math.sqrt(spread[0] + mean * (spread[1] + mean * spread[2]));
    }

    private static double[] spread(double[] means, double[] uses) {
        double average = Arrays.stream(means).average().orElse(0);
        double floor = Math.max(0.1 * average, 1e-9);
        var gram = new double[3][3];
        var moment = new double[3];
        for (int row = 0; row < means.length; row++) {
            double mean = means[row];
            double[] basis = {1, mean, mean * mean};
            double square = (uses[row] - mean) * (uses[row] - mean);
            double weight = 1 / Math.pow(Math.max(mean, floor), 4);
            for (int left = 0; left < 3; left++) {
                moment[left] += weight * basis[left] * square;
                for (int right = 0; right < 3; right++) {
                    gram[left][right] += weight * basis[left] * basis[right];
                }
            }
        }
        double[] spread = NonNegativeLeastSquares.solve(gram, moment);
        // Never quite certain, or a constant history would allow no second more.
        spread[0] = Math.max(spread[0], 1e-6 * floor * floor);
        return spread;
    }
}
