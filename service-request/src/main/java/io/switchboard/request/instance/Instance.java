package io.switchboard.request.instance;

import io.switchboard.contracts.ordering.LoadProfile;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A service instance.
 *
 * @param image what its first tasks ran, as the catalog said when it was opened
 * @param orders how many orders it has had; the next one's number is one more
 */
public record Instance(
        UUID id,
        String tenant,
        String name,
        String serviceType,
        String plan,
        String image,
        Map<String, Object> parameters,
        LoadProfile loadProfile,
        int orders,
        Instant createdAt,
        Condition condition) {

    public Instance {
        parameters = Map.copyOf(parameters);
    }

    public Instance withOrders(int count) {
        return new Instance(
                id, tenant, name, serviceType, plan, image, parameters, loadProfile, count, createdAt, condition);
    }

    public Instance with(Condition now, LoadProfile load) {
        return new Instance(id, tenant, name, serviceType, plan, image, parameters, load, orders, createdAt, now);
    }
}
