package io.switchboard.capacity.model;

import java.util.Arrays;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;

/**
 * Least squares whose coefficients are not negative, from the normal equations.
 *
 * <p>The active-set method of Lawson and Hanson (1974) in the form of Bro and De Jong (1997): columns enter one at a time
 * where they help most, and leave when they would turn negative. A column that depends on those already in stays out.
 */
final class NonNegativeLeastSquares {

    private static final double TOLERANCE = 1e-10;

    private NonNegativeLeastSquares() {}

    /** The x ≥ 0 with the least |Ax − b|, where {@code gram} is AᵀA and {@code moment} is Aᵀb. */
    static double[] solve(double[][] gram, double[] moment) {
        int size = moment.length;
        var scale = new double[size];
        Arrays.setAll(scale, column -> gram[column][column] > 0 ? 1 / Math.sqrt(gram[column][column]) : 0);
        var scaled = new double[size][size];
        var target = new double[size];
        for (int row = 0; row < size; row++) {
            target[row] = moment[row] * scale[row];
            for (int column = 0; column < size; column++) {
                scaled[row][column] = gram[row][column] * scale[row] * scale[column];
            }
        }
        double[] solution = solveScaled(scaled, target, scale);
        for (int column = 0; column < size; column++) {
            solution[column] *= scale[column];
        }
        return solution;
    }

    private static double[] solveScaled(double[][] gram, double[] moment, double[] scale) {
        int size = moment.length;
        var solution = new double[size];
        var inside = new boolean[size];
        var barred = new boolean[size];
        for (int step = 0; step < 4 * size; step++) {
            int best = steepest(gram, moment, solution, inside, barred, scale);
            if (best < 0) {
                break;
            }
            inside[best] = true;
            double[] candidate = on(inside, gram, moment);
            if (candidate.length == 0 || candidate[best] <= 0) {
                inside[best] = false;
                barred[best] = true;
                continue;
            }
            solution = backToFeasible(solution, candidate, inside, gram, moment);
        }
        return solution;
    }

    private static int steepest(
            double[][] gram, double[] moment, double[] solution, boolean[] inside, boolean[] barred, double[] scale) {
        double most = TOLERANCE * norm(moment);
        int best = -1;
        for (int column = 0; column < moment.length; column++) {
            if (inside[column] || barred[column] || scale[column] == 0) {
                continue;
            }
            double gradient = moment[column];
            for (int other = 0; other < moment.length; other++) {
                gradient -= gram[column][other] * solution[other];
            }
            if (gradient > most) {
                most = gradient;
                best = column;
            }
        }
        return best;
    }

    private static double norm(double[] values) {
        double most = 0;
        for (double value : values) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }

    /** Walks from the old solution towards the candidate and drops each column that reaches zero first. */
    private static double[] backToFeasible(
            double[] from, double[] to, boolean[] inside, double[][] gram, double[] moment) {
        double[] solution = from;
        double[] candidate = to;
        while (candidate.length > 0) {
            double step = 1;
            for (int column = 0; column < solution.length; column++) {
                if (inside[column] && candidate[column] <= 0) {
                    step = Math.min(step, solution[column] / (solution[column] - candidate[column]));
                }
            }
            var next = new double[solution.length];
            for (int column = 0; column < next.length; column++) {
                next[column] = solution[column] + step * (candidate[column] - solution[column]);
                if (inside[column] && next[column] <= 1e-14) {
                    inside[column] = false;
                    next[column] = 0;
                }
            }
            if (step == 1) {
                return next;
            }
            solution = next;
            candidate = on(inside, gram, moment);
        }
        return solution;
    }

    /** The plain least squares over some columns, zero elsewhere; empty if they depend on each other. */
    private static double[] on(boolean[] inside, double[][] gram, double[] moment) {
        int count = 0;
        for (boolean in : inside) {
            count += in ? 1 : 0;
        }
        if (count == 0) {
            return new double[0];
        }
        var columns = new int[count];
        for (int column = 0, index = 0; column < inside.length; column++) {
            if (inside[column]) {
                columns[index++] = column;
            }
        }
        var part = new double[count][count];
        var target = new double[count];
        for (int row = 0; row < count; row++) {
            target[row] = moment[columns[row]];
            for (int column = 0; column < count; column++) {
                part[row][column] = gram[columns[row]][columns[column]];
            }
        }
        try {
            var values = new CholeskyDecomposition(new Array2DRowRealMatrix(part, false), 1e-8, 1e-11)
                    .getSolver()
                    .solve(new ArrayRealVector(target, false));
            var solution = new double[inside.length];
            for (int index = 0; index < count; index++) {
                solution[columns[index]] = values.getEntry(index);
            }
            return solution;
        } catch (MathIllegalArgumentException dependent) {
            return new double[0];
        }
    }
}
