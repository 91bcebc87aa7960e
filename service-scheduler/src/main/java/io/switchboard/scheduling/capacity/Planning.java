package io.switchboard.scheduling.capacity;

/** What came of planning a load. */
public sealed interface Planning {

    record Planned(CapacityPlan plan) implements Planning {}

    /**
     * The plan's limits can't carry the load.
     *
     * @param reason a sentence with the figures
     * @param nearestCallsPerHour the most calls an hour, at the same handling time, that the limits do carry
     */
    record TooMuch(String reason, int nearestCallsPerHour) implements Planning {}
}
