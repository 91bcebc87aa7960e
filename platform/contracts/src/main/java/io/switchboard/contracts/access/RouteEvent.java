package io.switchboard.contracts.access;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The balancer carries traffic by a task snapshot from now on; on topic {@link #TOPIC}, whose messages are JSON arrays.
 * The scheduler waits for it before it stops a task that the snapshot no longer lists as ready.
 *
 * @param sequence of the task snapshot that is in force
 * @param readyTasks endpoints that get new traffic
 * @param removed no route and no endpoint of the instance is left
 */
public record RouteEvent(
        UUID instanceId,
        String tenant,
        long sequence,
        Instant at,
        List<Address> addresses,
        int readyTasks,
        boolean removed) {

    public static final String TOPIC = "events.route";

    public RouteEvent {
        addresses = List.copyOf(addresses);
    }
}
