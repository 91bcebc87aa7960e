package io.switchboard.request.order;

import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderKind;
import io.switchboard.contracts.scheduling.Canary;
import io.switchboard.request.catalog.Offer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** An order that is right by itself; whether it fits what there is shows once it is written. */
sealed interface OrderDraft {

    Claim claim();

    UUID orderId();

    Instant at();

    OrderKind kind();

    /** For a new instance. */
    record Opening(
            Claim claim,
            UUID orderId,
            Instant at,
            UUID instanceId,
            String name,
            Offer offer,
            String image,
            LoadProfile loadProfile,
            Map<String, Object> parameters,
            Set<UUID> dependsOn)
            implements OrderDraft {

        @Override
        public OrderKind kind() {
            return OrderKind.OPEN;
        }
    }

    /** For an instance that should be there. */
    sealed interface OnInstance extends OrderDraft {
        UUID instanceId();
    }

    record Extending(Claim claim, UUID orderId, Instant at, UUID instanceId, LoadProfile loadProfile)
            implements OnInstance {

        @Override
        public OrderKind kind() {
            return OrderKind.EXTEND;
        }
    }

    record Upgrading(Claim claim, UUID orderId, Instant at, UUID instanceId, Optional<Canary> canary)
            implements OnInstance {

        @Override
        public OrderKind kind() {
            return OrderKind.UPGRADE;
        }
    }

    record Restarting(Claim claim, UUID orderId, Instant at, UUID instanceId) implements OnInstance {

        @Override
        public OrderKind kind() {
            return OrderKind.RESTART;
        }
    }

    record Deleting(Claim claim, UUID orderId, Instant at, UUID instanceId) implements OnInstance {

        @Override
        public OrderKind kind() {
            return OrderKind.DELETE;
        }
    }
}
