package io.switchboard.contracts.ordering;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import io.switchboard.contracts.scheduling.Canary;
import io.switchboard.contracts.scheduling.Consumption;
import io.switchboard.contracts.scheduling.PortSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * An accepted order on its way to the scheduler, on queue {@link #QUEUE}. It holds all that is needed to carry it
 * out. It may come more than once. The message group is the instance's id.
 *
 * @param service what to run, as the catalog said when the order was accepted; absent for RESTART and DELETE
 * @param canary the trial that new tasks have to pass first
 * @param dependsOn with OPEN: instances that have to be as they should be before this one's new tasks start
 */
public record OrderMessage(
        UUID orderId,
        OrderKind kind,
        String tenant,
        UUID instanceId,
        String instanceName,
        Instant acceptedAt,
        Optional<Service> service,
        Optional<Canary> canary,
        // Absent in messages of versions that had none.
        @JsonSetter(nulls = Nulls.AS_EMPTY) Set<UUID> dependsOn) {

    public static final String QUEUE = "orders";

    public OrderMessage {
        dependsOn = Set.copyOf(dependsOn);
    }

    /**
     * @param plan the plan's limits; its schema is left out
     * @param parameters by the configuration key that the catalog names for them, or else by their own name
     */
    public record Service(
            String serviceType,
            String plan,
            int minTasks,
            int maxTasks,
            int spareTasks,
            String image,
            List<PortSpec> ports,
            Consumption consumption,
            LoadProfile loadProfile,
            Map<String, Object> parameters) {

        public Service {
            ports = List.copyOf(ports);
            parameters = Map.copyOf(parameters);
        }

        /** The same with so many tasks at least. */
        public Service withMinTasks(int least) {
            return new Service(
                    serviceType, plan, least, maxTasks, spareTasks, image, ports, consumption, loadProfile, parameters);
        }
    }
}
