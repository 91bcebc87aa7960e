package io.switchboard.scheduling.capacity;

/** What came of planning a load. */
public sealed interface Planning {

    record Planned(CapacityPlan plan) implements Planning {}

    /**
     * The plan's limits can't carry the load.
     *
     * @param reason a sentence with the figures, and the most calls an hour that the limits do carry
     */
    record TooMuch(String reason) implements Planning {}
}
