package io.switchboard.capacity.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The forms worth trying for a resource: what is known of call-centre services decides which drivers may matter, the
 * data then decides which do.
 *
 * <p>Memory follows high-water marks, because allocators and shared memory return nothing; a run that only ascends can't
 * show that, so it is built in: the load of the moment counts only where the load fell to half its peak and rose again. Network and media CPU follow packets, network in each direction its own.
 */
final class Candidates {

    private static final double[] EXPONENTS = {0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.1, 1.2, 1.35, 1.5};
    private static final double[] KNOTS = {0.2, 0.35, 0.5, 0.65, 0.8};
    private static final double[] LOSSES = {0.03, 0.3};

    private Candidates() {}

    static List<Form> of(Resource resource, Windows windows, int[] rows, boolean demandOnly) {
        var drivers = drivers(resource).stream()
                .filter(windows::has)
                .filter(driver -> !demandOnly || driver != Driver.PACKETS_IN && driver != Driver.PACKETS_OUT)
                .filter(driver -> varies(windows, driver, rows))
                .filter(driver -> resource != Resource.MEMORY || driver != Driver.CALLS || descends(windows, rows))
                .toList();
        var shapes = new ArrayList<Form>();
        for (double loss : LOSSES) {
            shapes.add(new Form("constant", List.of(), loss));
            for (var driver : drivers) {
                alone(shapes, driver, windows, rows, loss);
            }
            together(shapes, drivers, loss);
        }
        return shapes;
    }

    private static List<Driver> drivers(Resource resource) {
        return switch (resource) {
            case CPU ->
                List.of(
                        Driver.CALLS,
                        Driver.CALL_RATE,
                        Driver.PACKETS_IN,
                        Driver.MESSAGES,
                        Driver.TALKING,
                        Driver.QUEUED);
            case MEMORY -> List.of(Driver.PEAK_CALLS, Driver.PEAK_CALL_RATE, Driver.CALLS);
            case NETWORK_IN -> List.of(Driver.CALLS, Driver.CALL_RATE, Driver.PACKETS_IN, Driver.MESSAGES);
            case NETWORK_OUT -> List.of(Driver.CALLS, Driver.CALL_RATE, Driver.PACKETS_OUT, Driver.MESSAGES);
            case DISK -> List.of(Driver.CALLS, Driver.CALL_RATE);
        };
    }

    /** A driver that hardly moves can't be told from the constant. */
    private static boolean varies(Windows windows, Driver driver, int[] rows) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int row : rows) {
            double value = windows.driver(driver, row);
            if (!Double.isNaN(value)) {
                least = Math.min(least, value);
                most = Math.max(most, value);
            }
        }
        return most - least > 0.1 * most;
    }

    /** Whether at least two blocks were measured below half the peak that their container had seen. */
    private static boolean descends(Windows windows, int[] rows) {
        return Arrays.stream(rows)
                        .filter(row -> !windows.idle(row))
                        .filter(row -> windows.driver(Driver.CALLS, row) < 0.5 * windows.driver(Driver.PEAK_CALLS, row))
                        .map(windows::block)
                        .distinct()
                        .count()
                > 1;
    }

    private static Term linear(Driver driver) {
        return new Term.Power(driver, 1);
    }

    private static void alone(List<Form> shapes, Driver driver, Windows windows, int[] rows, double loss) {
        shapes.add(new Form("linear", List.of(linear(driver)), loss));
        for (double exponent : EXPONENTS) {
            shapes.add(new Form("power", List.of(new Term.Power(driver, exponent)), loss));
        }
        double[] sorted = Arrays.stream(rows)
                .mapToDouble(row -> windows.driver(driver, row))
                .filter(value -> value > 0)
                .sorted()
                .toArray();
        Arrays.stream(KNOTS)
                .map(share -> sorted[(int) (share * (sorted.length - 1))])
                .distinct()
                .forEach(knot -> shapes.add(new Form(
                        "piecewise linear", List.of(new Term.Bent(driver, knot), new Term.Above(driver, knot)), loss)));
    }

    private static void together(List<Form> shapes, List<Driver> drivers, double loss) {
        for (int first = 0; first < drivers.size(); first++) {
            for (int second = first + 1; second < drivers.size(); second++) {
                var one = drivers.get(first);
                var two = drivers.get(second);
                shapes.add(new Form("linear", List.of(linear(one), linear(two)), loss));
                for (double exponent : EXPONENTS) {
                    shapes.add(new Form("power", List.of(new Term.Power(one, exponent), linear(two)), loss));
                    shapes.add(new Form("power", List.of(linear(one), new Term.Power(two, exponent)), loss));
                }
                for (int third = second + 1; third < drivers.size(); third++) {
                    shapes.add(new Form("linear", List.of(linear(one), linear(two), linear(drivers.get(third))), loss));
                }
            }
        }
    }
}
