package io.switchboard.contracts.ordering;

import io.switchboard.contracts.access.Address;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A service instance as its tenant sees it.
 *
 * @param state what it does now
 * @param message the state in plain words, with figures
 * @param addresses where it answers; empty until its route exists
 * @param readyTasks tasks that are ready now
 * @param wantedTasks tasks the capacity plan asks for
 */
public record InstanceView(
        UUID id,
        String tenant,
        String name,
        String serviceType,
        String plan,
        State state,
        String message,
        LoadProfile loadProfile,
        Map<String, Object> parameters,
        List<Address> addresses,
        int readyTasks,
        int wantedTasks,
        Instant createdAt,
        Instant changedAt) {

    public InstanceView {
        parameters = Map.copyOf(parameters);
        addresses = List.copyOf(addresses);
    }

    public enum State {
        /** Ordered, not answering yet. */
        OPENING,
        /** Answers, with all the tasks its plan asks for. */
        RUNNING,
        /** Answers, while tasks are added, replaced or removed. */
        CHANGING,
        /** The scheduler can't get on; the message says why. */
        STUCK,
        DELETING,
        DELETED
    }
}
