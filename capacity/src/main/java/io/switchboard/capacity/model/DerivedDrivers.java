package io.switchboard.capacity.model;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Drivers that a plan or a file does not state, from those it does: {@code perCall · calls + perStart · calls/s}, as the
 * training data had it.
 *
 * <p>Peaks default to the load itself. Calls default to what the packets or the call rate imply.
 */
record DerivedDrivers(Map<Driver, Line> lines) {

    record Line(double perCall, double perStart) {}

    static DerivedDrivers of(Windows windows) {
        var lines = new EnumMap<Driver, Line>(Driver.class);
        for (var driver : Driver.values()) {
            if (driver != Driver.CALLS && driver.peakOf().isEmpty() && windows.has(driver)) {
                lines.put(driver, line(windows, driver));
            }
        }
        return new DerivedDrivers(lines);
    }

    private static Line line(Windows windows, Driver driver) {
        int size = windows.size();
        var columns = new double[2][size];
        var target = new double[size];
        for (int row = 0; row < size; row++) {
            columns[0][row] = orZero(windows.driver(Driver.CALLS, row));
            // A rate can't stand for itself.
            columns[1][row] = driver == Driver.CALL_RATE ? 0 : orZero(windows.driver(Driver.CALL_RATE, row));
            target[row] = orZero(windows.driver(driver, row));
        }
        int[] loaded =
                IntStream.range(0, size).filter(row -> !windows.idle(row)).toArray();
        double[] fit = new Regression(
                        columns, target, 0.1 * Arrays.stream(target).average().orElse(0))
                .fit(loaded, 0.03);
        return new Line(fit[0], fit[1]);
    }

    /** The value of a driver: stated, or derived from what is stated; 0 if nothing is. */
    double value(Driver driver, ToDoubleFunction<Driver> stated) {
        double value = stated.applyAsDouble(driver);
        if (!Double.isNaN(value)) {
            return value;
        }
        if (driver == Driver.CALLS) {
            return calls(stated);
        }
        if (driver.peakOf().isPresent()) {
            return value(driver.peakOf().get(), stated);
        }
        var line = lines.getOrDefault(driver, new Line(0, 0));
        double starts = line.perStart == 0 ? 0 : line.perStart * value(Driver.CALL_RATE, stated);
        return line.perCall * value(Driver.CALLS, stated) + starts;
    }

    private double calls(ToDoubleFunction<Driver> stated) {
        return Arrays.stream(new Driver[] {Driver.PACKETS_IN, Driver.PACKETS_OUT, Driver.CALL_RATE})
                .filter(driver -> !Double.isNaN(stated.applyAsDouble(driver)))
                .mapToDouble(
                        driver -> stated.applyAsDouble(driver) / lines.getOrDefault(driver, new Line(0, 0)).perCall)
                .filter(Double::isFinite)
                .findFirst()
                .orElse(0);
    }

    private static double orZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }
}
