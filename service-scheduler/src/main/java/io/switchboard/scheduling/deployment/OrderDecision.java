package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.scheduling.DeploymentEvent;
import java.util.List;

/**
 * What an order changes.
 *
 * @param after the deployment from now on
 * @param events what its owner hears at once
 */
record OrderDecision(Deployment after, List<DeploymentEvent> events) {

    OrderDecision {
        events = List.copyOf(events);
    }
}
