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
        @Min(0) @Max(10_000_000) int callsPerHour,
        @Min(1) @Max(86_400) int averageHandlingSeconds) {

    /** The traffic in erlangs: calls in progress at once, on average. */
    public double erlangs() {
        return callsPerHour * (double) averageHandlingSeconds / 3600;
    }
}
