package io.switchboard.capacity.scaling;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a decision goes by.
 *
 * @param tasks that are wanted at the moment, at least 1
 * @param readings of the last {@link ScalingTerms#calm} or longer, oldest first; the last one is of now
 * @param cpu what those that carry calls use
 * @param changedAt when the number of tasks, or what they are for, last changed; empty if it never did
 * @param rollout whether one is under way that fewer tasks have to wait for
 */
public record Situation(
        Instant now,
        int tasks,
        List<Reading> readings,
        Expected expected,
        CpuUse cpu,
        Optional<Instant> changedAt,
        boolean rollout) {

    public Situation {
        readings = List.copyOf(readings);
        if (readings.isEmpty()) {
            throw new IllegalArgumentException("there must be a reading of now");
        }
    }
}
