package io.switchboard.contracts.scheduling;

import java.time.Instant;
import java.util.UUID;

/**
 * What became of an order so far, on topic {@link #TOPIC}, whose messages are JSON arrays.
 *
 * @param orderId the last order that changed the deployment
 * @param sequence grows by one per event of an instance; a receiver drops what it has seen
 */
public record DeploymentEvent(
        UUID instanceId, UUID orderId, String tenant, long sequence, Instant at, DeploymentStatus status) {

    public static final String TOPIC = "events.deployment";
}
