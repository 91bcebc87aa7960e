package io.switchboard.scheduling.sample;

import java.time.Instant;
import java.util.Map;

/**
 * What a task used at a load.
 *
 * @param at end of the interval it was measured over
 * @param figures those that are known, none negative or infinite
 */
public record Sample(Instant at, Map<Figure, Double> figures) {

    public Sample {
        figures = Map.copyOf(figures);
        figures.forEach((figure, value) -> {
            if (!(value >= 0) || Double.isInfinite(value)) {
                throw new IllegalArgumentException(figure.column() + " must not be negative but was " + value);
            }
        });
    }
}
