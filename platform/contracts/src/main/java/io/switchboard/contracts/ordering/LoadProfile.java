package io.switchboard.contracts.ordering;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * The load a tenant expects in its busiest hour.
 *
 * @param agents people logged in at once, 1 to 100,000
 * @param callsPerHour calls offered in the busy hour, 0 to 10,000,000
 * @param averageHandlingSeconds talk and wrap-up time of a call, 1 to 86,400 seconds
 */
public record LoadProfile(
        @Min(1) @Max(100_000) int agents,
        @Min(0) @Max(MOST_CALLS_PER_HOUR) int callsPerHour,
        @Min(1) @Max(86_400) int averageHandlingSeconds) {

    private static final int MOST_CALLS_PER_HOUR = 10_000_000;

    /** The traffic in erlangs: calls in progress at once, on average. */
    public double erlangs() {
        return callsPerHour * (double) averageHandlingSeconds / 3600;
    }

    /**
     * The most calls in progress at once that tasks must be ready for. The traffic, A, is the mean of the busy hour; with
     * Poisson arrivals its standard deviation is √A, so {@code A + 2√A}, rounded up, is exceeded in about one moment of
     * forty.
     */
    public int callsAtOnce() {
        double erlangs = erlangs();
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(erlangs + 2 * Math.sqrt(erlangs)));
    }

    /** The most calls an hour, of the same length, with no more than this many {@linkplain #callsAtOnce at once}. */
    public int mostCallsPerHour(long atOnce) {
        // The inverse of the above: with s = √A, s² + 2s is (s + 1)² - 1.
        double erlangs = Math.pow(Math.sqrt(1.0 + atOnce) - 1, 2);
        int most = (int) Math.min(MOST_CALLS_PER_HOUR, Math.floor(erlangs * 3600 / averageHandlingSeconds));
        while (most > 0 && new LoadProfile(agents, most, averageHandlingSeconds).callsAtOnce() > atOnce) {
            most--;
        }
        return most;
    }
}
