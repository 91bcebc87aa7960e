package io.switchboard.request.order;

import io.switchboard.contracts.ordering.LoadProfile;
import io.switchboard.contracts.ordering.OrderKind;
import io.switchboard.contracts.ordering.OrderState;
import io.switchboard.contracts.ordering.OrderView;
import io.switchboard.contracts.ordering.OrderView.TimelineEntry;
import io.switchboard.request.instance.Instance;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order.
 *
 * @param number which of its instance's orders it is, from 1, growing
 * @param loadProfile only with OPEN and EXTEND
 * @param entries how many entries its timeline has
 */
record Order(
        UUID id,
        String tenant,
        OrderKind kind,
        OrderState state,
        UUID instanceId,
        int number,
        @Nullable LoadProfile loadProfile,
        int entries,
        Instant acceptedAt,
        @Nullable Instant endedAt) {

    boolean open() {
        return state == OrderState.ACCEPTED || state == OrderState.IN_PROGRESS;
    }

    /** The order one entry further; where the state ends it, at that time. */
    Order advanced(OrderState to, Instant at) {
        boolean ends = to == OrderState.COMPLETED || to == OrderState.FAILED;
        return new Order(
                id, tenant, kind, to, instanceId, number, loadProfile, entries + 1, acceptedAt, ends ? at : endedAt);
    }

    OrderView view(Instance of, List<TimelineEntry> timeline) {
        return view(of.name(), of.serviceType(), of.plan(), timeline);
    }

    OrderView view(String instanceName, String serviceType, String plan, List<TimelineEntry> timeline) {
        return new OrderView(
                id,
                kind,
                state,
                instanceId,
                tenant,
                instanceName,
                serviceType,
                plan,
                Optional.ofNullable(loadProfile),
                acceptedAt,
                Optional.ofNullable(endedAt),
                timeline);
    }
}
