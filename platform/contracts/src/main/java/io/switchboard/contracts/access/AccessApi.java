package io.switchboard.contracts.access;

import io.switchboard.contracts.identity.Caller;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** Routes and what stands behind them. {@link Caller} parameters come from the access token; a client passes {@code null}. */
@HttpExchange("/api/v1/routes")
public interface AccessApi {

    /** Routes of the caller's tenant, or all of them for an operator. */
    @GetExchange
    List<RouteView> routes(@Nullable Caller caller);

    @GetExchange("/{instanceId}")
    RouteView route(@PathVariable UUID instanceId, @Nullable Caller caller);

    /**
     * @param mode {@code HAPROXY}, or {@code DIRECT} where clients reach the tasks themselves
     * @param sequence of the task snapshot in force
     */
    record RouteView(
            UUID instanceId,
            String tenant,
            String instanceName,
            Mode mode,
            long sequence,
            Instant changedAt,
            List<Address> addresses,
            List<EndpointView> endpoints) {

        public RouteView {
            addresses = List.copyOf(addresses);
            endpoints = List.copyOf(endpoints);
        }
    }

    enum Mode {
        HAPROXY,
        DIRECT
    }

    record EndpointView(String taskId, String port, String host, int number, String state) {}
}
