package io.switchboard.contracts.access;

import io.switchboard.contracts.identity.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
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
     * Which tasks served a public address from when to when, those that do now first, then from the latest to the earliest end;
     * of the caller's tenant, or all for an operator. The agent of who answers remembers it, until newer entries need the room.
     *
     * @param address host name, port, or URL of a route
     * @param limit at most so many, 1 to 1,000; 100 if it isn't said
     */
    @GetExchange("/history")
    List<ServingView> history(
            @RequestParam String address,
            @RequestParam(required = false) @Nullable Integer limit,
            @Nullable Caller caller);

    /**
     * @param endpoint host and port where the task listens
     * @param since when traffic began to go there
     * @param drainingSince since when nothing new goes there; absent while it does
     * @param until when it ended; absent while it goes on
     */
    record ServingView(
            UUID instanceId,
            String tenant,
            String instanceName,
            String taskId,
            String endpoint,
            Instant since,
            Optional<Instant> drainingSince,
            Optional<Instant> until) {}

    /**
     * @param mode {@code HAPROXY}, or {@code DIRECT} where clients reach the tasks themselves
     * @param sequence of the task snapshot in force
     * @param unreached ports of its tasks that have no public address, and why; in time they get one by themselves
     */
    record RouteView(
            UUID instanceId,
            String tenant,
            String instanceName,
            Mode mode,
            long sequence,
            Instant changedAt,
            List<Address> addresses,
            List<EndpointView> endpoints,
            List<UnreachedPort> unreached) {

        public RouteView {
            addresses = List.copyOf(addresses);
            endpoints = List.copyOf(endpoints);
            unreached = List.copyOf(unreached);
        }
    }

    /** @param reason a sentence, with what can be done */
    record UnreachedPort(String port, String reason) {}

    enum Mode {
        HAPROXY,
        DIRECT
    }

    record EndpointView(String taskId, String port, String host, int number, String state) {}
}
