package io.switchboard.samples.acd.floor;

/** What became of an offered call. */
public sealed interface Offer {

    record Taken(Call call) implements Offer {}

    /** The task takes no new calls because it is about to stop. */
    record Draining() implements Offer {}

    /** @param limit how many may wait for one skill */
    record QueueFull(String skill, int limit) implements Offer {}
}
