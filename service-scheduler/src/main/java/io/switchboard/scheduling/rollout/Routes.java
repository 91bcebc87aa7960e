package io.switchboard.scheduling.rollout;

import io.switchboard.contracts.access.RouteEvent;
import io.switchboard.scheduling.deployment.DeploymentListener;
import io.switchboard.scheduling.deployment.Deployments;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;

/** Notes how far the balancer is, and has the deployments looked at that waited for it. */
final class Routes {

    private final Deployments deployments;
    private final DeploymentListener listener;
    private final Clock clock;

    Routes(Deployments deployments, DeploymentListener listener, Clock clock) {
        this.deployments = deployments;
        this.listener = listener;
        this.clock = clock;
    }

    /** Late, lost and repeated events do no harm: only the highest sequence of an instance counts. */
    void handle(List<RouteEvent> events) {
        var sequences = new HashMap<UUID, Long>();
        events.forEach(event -> sequences.merge(event.instanceId(), event.sequence(), Math::max));
        deployments.routed(sequences, clock.instant());
        listener.changed(sequences.keySet());
    }
}
