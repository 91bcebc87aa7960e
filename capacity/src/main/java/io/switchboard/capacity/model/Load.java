package io.switchboard.capacity.model;

import java.util.EnumMap;
import java.util.Map;

/**
 * Demand on one task: the value of each driver that is known, none negative.
 *
 * <p>What is not stated is derived from calls and calls a second, see {@link DerivedDrivers}.
 */
public record Load(Map<Driver, Double> values) {

    public Load {
        // In the drivers' order, so that the first mistake named is always the same.
        var ordered = values.isEmpty() ? new EnumMap<Driver, Double>(Driver.class) : new EnumMap<>(values);
        ordered.forEach((driver, value) -> {
            if (!(value >= 0) || Double.isInfinite(value)) {
                throw new IllegalArgumentException(driver.label() + " must not be negative but was " + value);
            }
        });
        values = Map.copyOf(ordered);
    }

    public static Load calls(double calls, double callsPerSecond) {
        return new Load(Map.of(Driver.CALLS, calls, Driver.CALL_RATE, callsPerSecond));
    }

    /** The same mix of work, a factor more or less of it. */
    public Load times(double factor) {
        var scaled = new EnumMap<Driver, Double>(Driver.class);
        values.forEach((driver, value) -> scaled.put(driver, value * factor));
        return new Load(scaled);
    }

    double of(Driver driver) {
        return values.getOrDefault(driver, Double.NaN);
    }
}
