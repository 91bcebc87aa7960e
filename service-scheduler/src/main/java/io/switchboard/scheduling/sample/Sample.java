package io.switchboard.scheduling.sample;

import io.switchboard.capacity.model.Driver;
import io.switchboard.capacity.model.Load;
import java.time.Instant;
import java.util.EnumMap;
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

    /** The load it was measured at, as far as that is known. */
    public Load load() {
        var values = new EnumMap<Driver, Double>(Driver.class);
        figures.forEach((figure, value) -> figure.driver().ifPresent(driver -> values.put(driver, value)));
        return new Load(values);
    }
}
