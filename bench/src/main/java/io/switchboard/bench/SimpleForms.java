package io.switchboard.bench;

import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Resource;
import io.switchboard.capacity.model.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.QRDecomposition;

/**
 * The simple forms one would try first, on the same windows as ours: a constant and a line, a parabola or a power of one
 * driver, or lines of several, by least squares on relative errors and without constraints.
 *
 * <p>The reference figures were cross-validated on windows cut elsewhere, which alone moves an error by up to a fifth.
 */
final class SimpleForms {

    private static final List<Driver> DRIVERS =
            List.of(Driver.CALLS, Driver.CALL_RATE, Driver.PACKETS_IN, Driver.MESSAGES, Driver.PEAK_CALLS);
    private static final double[] POWERS = {0.6, 0.7, 0.8, 0.9, 1.1, 1.3};

    private final List<int[]> windows;
    private final int[] block;
    private final double[] use;
    private final boolean[] idle;
    private final Map<Driver, double[]> drivers = new HashMap<>();

    private SimpleForms(Samples samples, Resource resource) {
        windows = windows(samples, resource);
        block = windows.stream().mapToInt(rows -> samples.block(rows[0])).toArray();
        use = means(row -> samples.use(resource, row));
        double[] calls = means(row -> samples.driver(Driver.CALLS, row));
        idle = new boolean[use.length];
        for (int window = 0; window < idle.length; window++) {
            idle[window] = calls[window] < 0.5;
        }
        for (var driver : DRIVERS) {
            boolean packets = driver == Driver.PACKETS_IN && resource != Resource.CPU;
            boolean peak = driver == Driver.PEAK_CALLS && resource != Resource.MEMORY;
            double[] means = means(row -> samples.driver(driver, row));
            if (!packets && !peak && Arrays.stream(means).noneMatch(Double::isNaN)) {
                drivers.put(driver, means);
            }
        }
    }

    /** The least cross-validated error of all forms, in percent. */
    static double error(Samples samples, Resource resource) {
        var forms = new SimpleForms(samples, resource);
        return 100 * forms.designs().stream().mapToDouble(forms::error).min().orElse(Double.NaN);
    }

    private static List<int[]> windows(Samples samples, Resource resource) {
        var start = new HashMap<Integer, Double>();
        var rows = new LinkedHashMap<List<Integer>, List<Integer>>();
        for (int row = 0; row < samples.size(); row++) {
            if (samples.steady(row) && !Double.isNaN(samples.use(resource, row))) {
                double second = samples.second(row);
                double first = start.computeIfAbsent(samples.block(row), any -> second);
                rows.computeIfAbsent(
                                List.of(samples.block(row), (int) ((second - first + 0.5) / 10)),
                                any -> new ArrayList<>())
                        .add(row);
            }
        }
        return rows.values().stream()
                .filter(window -> window.size() >= 5)
                .map(window -> window.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    private double[] means(IntToDoubleFunction cell) {
        return windows.stream()
                .mapToDouble(rows -> Arrays.stream(rows)
                        .mapToDouble(cell)
                        .filter(value -> !Double.isNaN(value))
                        .average()
                        .orElse(Double.NaN))
                .toArray();
    }

    private List<List<double[]>> designs() {
        var designs = new ArrayList<List<double[]>>();
        drivers.values().forEach(values -> {
            designs.add(List.of(values));
            designs.add(List.of(values, power(values, 2)));
            for (double exponent : POWERS) {
                designs.add(List.of(power(values, exponent)));
            }
        });
        both(designs, Driver.CALLS, Driver.CALL_RATE);
        both(designs, Driver.CALLS, Driver.MESSAGES);
        both(designs, Driver.CALLS, Driver.PEAK_CALLS);
        both(designs, Driver.CALLS, Driver.CALL_RATE, Driver.MESSAGES);
        return designs;
    }

    private void both(List<List<double[]>> designs, Driver... together) {
        if (drivers.keySet().containsAll(List.of(together))) {
            designs.add(Arrays.stream(together)
                    .map(driver -> drivers.getOrDefault(driver, use))
                    .toList());
        }
    }

    private static double[] power(double[] values, double exponent) {
        return Arrays.stream(values).map(value -> Math.pow(value, exponent)).toArray();
    }

    private double error(List<double[]> design) {
        double floor = 0.1 * Arrays.stream(use).average().orElse(0);
        double sum = 0;
        int count = 0;
        for (int out : Arrays.stream(block).distinct().toArray()) {
            int[] test = IntStream.range(0, use.length)
                    .filter(window -> block[window] == out && !idle[window])
                    .toArray();
            if (test.length > 0) {
                double[] fit = fit(design, out, floor);
                for (int window : test) {
                    sum += Math.abs(at(design, fit, window) - use[window]) / Math.max(use[window], floor);
                    count++;
                }
            }
        }
        return sum / count;
    }

    private double[] fit(List<double[]> design, int out, double floor) {
        int[] rows = IntStream.range(0, use.length)
                .filter(window -> block[window] != out)
                .toArray();
        var matrix = new double[rows.length][design.size() + 1];
        var target = new double[rows.length];
        for (int row = 0; row < rows.length; row++) {
            double weight = 1 / Math.max(use[rows[row]], floor);
            matrix[row][0] = weight;
            for (int column = 0; column < design.size(); column++) {
                matrix[row][column + 1] = weight * design.get(column)[rows[row]];
            }
            target[row] = weight * use[rows[row]];
        }
        var solver = new QRDecomposition(new Array2DRowRealMatrix(matrix, false), 1e-12).getSolver();
        return solver.isNonSingular()
                ? solver.solve(new ArrayRealVector(target, false)).toArray()
                : new double[design.size() + 1];
    }

    private static double at(List<double[]> design, double[] fit, int window) {
        double sum = fit[0];
        for (int column = 0; column < design.size(); column++) {
            sum += fit[column + 1] * design.get(column)[window];
        }
        return sum;
    }
}
