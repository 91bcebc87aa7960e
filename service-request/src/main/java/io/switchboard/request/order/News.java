package io.switchboard.request.order;

import io.switchboard.contracts.access.RouteEvent;
import io.switchboard.contracts.scheduling.DeploymentEvent;
import java.util.UUID;

/** What scheduler or balancer tell about an instance. */
sealed interface News {

    UUID instanceId();

    record OfDeployment(DeploymentEvent event) implements News {

        @Override
        public UUID instanceId() {
            return event.instanceId();
        }
    }

    record OfRoute(RouteEvent event) implements News {

        @Override
        public UUID instanceId() {
            return event.instanceId();
        }
    }
}
