package io.switchboard.access.balancer;

import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.access.AccessApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.identity.Role;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RoutesController implements AccessApi {

    private final Agent agent;
    private final Balancer balancer;
    private final EndpointRegistry registry;

    RoutesController(Agent agent, Balancer balancer, EndpointRegistry registry) {
        this.agent = agent;
        this.balancer = balancer;
        this.registry = registry;
    }

    @Override
    public List<RouteView> routes(@Nullable Caller caller) {
        return agent.carried().stream()
                .filter(route -> visible(route.upstream(), caller))
                .sorted(Comparator.comparing(route -> route.upstream().instanceId()))
                .map(this::view)
                .toList();
    }

    @Override
    public RouteView route(UUID instanceId, @Nullable Caller caller) {
        return agent.carried(instanceId)
                .filter(route -> visible(route.upstream(), caller))
                .map(this::view)
                .orElseThrow(
                        () -> new Problem(RequestProblem.NOT_FOUND, "there is no route of instance " + instanceId));
    }

    private static boolean visible(Upstream upstream, @Nullable Caller caller) {
        if (caller == null || upstream.removed()) {
            return false;
        }
        return caller.is(Role.OPERATOR)
                || caller.is(Role.SERVICE)
                || caller.tenant().equals(Optional.of(upstream.tenant()));
    }

    private RouteView view(Agent.Carried route) {
        var upstream = route.upstream();
        return new RouteView(
                upstream.instanceId(),
                upstream.tenant(),
                upstream.instanceName(),
                balancer.mode(),
                upstream.sequence(),
                upstream.changedAt(),
                route.addresses(),
                upstream.endpoints().stream()
                        .map(endpoint -> new EndpointView(
                                endpoint.taskId(),
                                endpoint.port(),
                                endpoint.host(),
                                endpoint.number(),
                                registry.stale(upstream, endpoint)
                                        ? "STALE"
                                        : endpoint.state().name()))
                        .toList());
    }
}
