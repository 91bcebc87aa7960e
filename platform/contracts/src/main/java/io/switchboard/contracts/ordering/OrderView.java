package io.switchboard.contracts.ordering;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An order as its tenant sees it.
 *
 * @param loadProfile only with OPEN and EXTEND
 * @param timeline what happened so far, oldest first; left empty in lists
 */
public record OrderView(
        UUID id,
        OrderKind kind,
        OrderState state,
        UUID instanceId,
        String tenant,
        String instanceName,
        String serviceType,
        String plan,
        Optional<LoadProfile> loadProfile,
        Instant acceptedAt,
        Optional<Instant> endedAt,
        List<TimelineEntry> timeline) {

    public OrderView {
        timeline = List.copyOf(timeline);
    }

    /**
     * @param sequence position in the order's timeline, from 1 without gaps; also the id of the server-sent event
     * @param step what happened, in upper snake case, for example {@code ROLLING_OUT}
     * @param message the same in plain words, with figures
     */
    public record TimelineEntry(int sequence, Instant at, OrderState state, String step, String message) {}
}
