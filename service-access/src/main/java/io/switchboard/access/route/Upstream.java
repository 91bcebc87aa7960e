package io.switchboard.access.route;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * One instance as a balancer sees it: its routes and the endpoints behind them.
 *
 * @param sequence of the task snapshot it was made from; a higher one replaces it
 * @param routes kept when {@code removed}, so that a balancer knows what to end
 * @param endpoints ready and draining ones; empty when {@code removed}
 * @param removed the instance is gone for good
 */
public record Upstream(
        UUID instanceId,
        String tenant,
        String instanceName,
        String serviceType,
        long sequence,
        Instant changedAt,
        List<Route> routes,
        List<Endpoint> endpoints,
        boolean removed) {

    public Upstream {
        routes = List.copyOf(routes);
        endpoints = List.copyOf(endpoints);
    }

    /** Tasks with at least one endpoint that gets new traffic. */
    public int readyTasks() {
        return (int) endpoints.stream()
                .filter(Endpoint::ready)
                .map(Endpoint::taskId)
                .distinct()
                .count();
    }

    public List<Endpoint> endpoints(String port) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.port().equals(port))
                .toList();
    }
}
