package io.switchboard.capacity.scaling;

import java.util.Optional;

/**
 * What is known beforehand of the calls in the time a decision is for.
 *
 * @param ordered the most calls at once that the order's profile has then; empty if it doesn't say how its load spreads
 * @param usual the most there were in the same half-hours of earlier weeks, on average; empty if none was seen
 * @param orderedBefore what the profile had for the last two whole half-hours
 * @param seenBefore the most calls there were in those; with what the profile had that is what it is worth today
 */
public record Expected(
        Optional<Double> ordered, Optional<Double> usual, Optional<Double> orderedBefore, Optional<Double> seenBefore) {

    public static final Expected NOTHING =
            new Expected(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final double LEAST_SHARE = 0.5;
    private static final double MOST_SHARE = 2;
    /** Fewer calls than this say nothing of a day. */
    private static final double ENOUGH = 5;

    /** How much of its profile today has, between half and twice; empty if that can't be told. */
    Optional<Double> share() {
        return orderedBefore
                .filter(before -> before >= ENOUGH)
                .flatMap(before -> seenBefore.map(seen -> Math.clamp(seen / before, LEAST_SHARE, MOST_SHARE)));
    }

    /** The most of what the profile and earlier weeks lead one to expect; 0 if neither says anything. */
    double calls() {
        return Math.max(ordered.orElse(0.0) * share().orElse(1.0), usual.orElse(0.0));
    }
}
