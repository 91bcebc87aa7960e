package io.switchboard.capacity.model;

import java.util.Arrays;

/**
 * Robust regression on relative errors with coefficients that are not negative.
 *
 * <p>Each row is weighted with one over its use (but at least a floor, a tenth of the mean), so that small loads count as much as
 * large ones; Huber's loss by iteratively reweighted least squares (Huber 1964; Holland and Welsch 1977) keeps single
 * rows from pulling the rest.
 */
final class Regression {

    private static final int ROUNDS = 8;

    private final double[][] columns;
    private final double[] target;
    private final double[] weight;

    /**
     * @param columns one array per coefficient
     * @param target what was used, not negative
     * @param floor the use below which errors count as if it were this much
     */
    Regression(double[][] columns, double[] target, double floor) {
        this.columns = columns;
        this.target = target;
        this.weight = Arrays.stream(target)
                .map(value -> 1 / Math.max(Math.max(value, floor), Double.MIN_NORMAL))
                .toArray();
    }

    /** The coefficients from the rows, where a relative error beyond the loss's δ counts linearly. */
    double[] fit(int[] rows, double delta) {
        var pull = new double[rows.length];
        Arrays.fill(pull, 1);
        double[] coefficients = solve(rows, pull);
        for (int round = 0; round < ROUNDS; round++) {
            boolean beyond = false;
            for (int index = 0; index < rows.length; index++) {
                int row = rows[index];
                double error = Math.abs(target[row] - at(coefficients, row)) * weight[row];
                pull[index] = error <= delta ? 1 : delta / error;
                beyond |= error > delta;
            }
            if (!beyond) {
                break;
            }
            double[] next = solve(rows, pull);
            boolean settled = settled(coefficients, next);
            coefficients = next;
            if (settled) {
                break;
            }
        }
        return coefficients;
    }

    double at(double[] coefficients, int row) {
        double sum = 0;
        for (int column = 0; column < columns.length; column++) {
            sum += coefficients[column] * columns[column][row];
        }
        return sum;
    }

    private static boolean settled(double[] before, double[] after) {
        for (int column = 0; column < before.length; column++) {
            if (Math.abs(before[column] - after[column]) > 1e-4 * Math.abs(after[column])) {
                return false;
            }
        }
        return true;
    }

    private double[] solve(int[] rows, double[] pull) {
        int size = columns.length;
        var gram = new double[size][size];
        var moment = new double[size];
        for (int index = 0; index < rows.length; index++) {
            int row = rows[index];
            double factor = pull[index] * weight[row] * weight[row];
            for (int left = 0; left < size; left++) {
                double scaled = factor * columns[left][row];
                moment[left] += scaled * target[row];
                for (int right = left; right < size; right++) {
                    gram[left][right] += scaled * columns[right][row];
                }
            }
        }
        for (int left = 0; left < size; left++) {
            for (int right = 0; right < left; right++) {
                gram[left][right] = gram[right][left];
            }
        }
        return NonNegativeLeastSquares.solve(gram, moment);
    }
}
