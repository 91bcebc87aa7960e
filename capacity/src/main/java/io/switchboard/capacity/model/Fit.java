package io.switchboard.capacity.model;

import java.util.Map;

/**
 * Coefficients of a form, none of them negative.
 *
 * @param base the constant to expect of a container that was not measured
 * @param highestBase the largest constant of a measured one
 * @param bases the constants of the measured lives, where they differ by more than their load
 * @param slopes one per term
 * @param limits the highest value of each term's driver that was measured
 */
record Fit(double base, double highestBase, Map<Integer, Double> bases, double[] slopes, double[] limits) {

    double base(int life) {
        return bases.getOrDefault(life, base);
    }
}
