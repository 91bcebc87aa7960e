package io.switchboard.capacity.model;

import java.util.Locale;

/**
 * One driver, bent so that it still only grows; with coefficients that are not negative, so does their sum.
 *
 * <p>{@link Power}: {@code x^exponent}. {@link Bent} and {@link Above}: a line that changes its slope at a knot, to half
 * at least, because a load generator that tires looks like a service that costs nothing more.
 */
sealed interface Term {

    /** The least slope beyond a knot, as a share of that before it. */
    double HALF = 0.5;

    Driver driver();

    double at(double value);

    String text();

    record Power(Driver driver, double exponent) implements Term {
        @Override
        public double at(double value) {
            return exponent == 1 ? value : Math.pow(value, exponent);
        }

        @Override
        public String text() {
            return exponent == 1 ? driver.label() : String.format(Locale.ROOT, "%s^%.2f", driver.label(), exponent);
        }
    }

    record Bent(Driver driver, double knot) implements Term {
        @Override
        public double at(double value) {
            return Math.min(value, knot) + HALF * Math.max(value - knot, 0);
        }

        @Override
        public String text() {
            return String.format(Locale.ROOT, "bent(%s, %.4g)", driver.label(), knot);
        }
    }

    record Above(Driver driver, double knot) implements Term {
        @Override
        public double at(double value) {
            return Math.max(value - knot, 0);
        }

        @Override
        public String text() {
            return String.format(Locale.ROOT, "max(%s − %.4g, 0)", driver.label(), knot);
        }
    }
}
