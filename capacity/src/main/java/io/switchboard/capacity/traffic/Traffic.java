package io.switchboard.capacity.traffic;

/** Checks that the formulas share; a figure out of range is the caller's mistake and named in the message. */
final class Traffic {

    /** More servers than any formula here is asked for; a search that gets this far has no answer. */
    static final int MOST_SERVERS = 10_000_000;

    private Traffic() {}

    static double erlangs(double erlangs) {
        return notNegative("erlangs", erlangs);
    }

    static int servers(String name, int servers) {
        if (servers < 1 || servers > MOST_SERVERS) {
            throw new IllegalArgumentException(name + " must be 1 to " + MOST_SERVERS + " but was " + servers);
        }
        return servers;
    }

    static double notNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must not be negative but was " + value);
        }
        return value;
    }

    static double positive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be greater than 0 but was " + value);
        }
        return value;
    }

    /** A probability strictly between 0 and 1, the only ones a search can reach. */
    static double probability(String name, double value) {
        if (!(value > 0) || !(value < 1)) {
            throw new IllegalArgumentException(name + " must be between 0 and 1 but was " + value);
        }
        return value;
    }

    static double share(String name, double value) {
        if (!(value >= 0) || !(value <= 1)) {
            throw new IllegalArgumentException(name + " must be 0 to 1 but was " + value);
        }
        return value;
    }
}
