package io.switchboard.access.balancer;

import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.PublicPorts;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.RouteProperties;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.route.Visibility;
import io.switchboard.contracts.access.AccessApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RoutesController implements AccessApi {

    private static final Pattern TCP = Pattern.compile("(?:tcp://[^/:]*)?:?(\\d{1,5})");
    private static final Pattern SIP = Pattern.compile("sip:(?:[^@]*@)?([a-z0-9.-]+)(?::\\d+)?(?:;[^@]*)?");
    private static final Pattern HTTP =
            Pattern.compile("(?:(?i:https?)://)?([A-Za-z0-9.-]+)(?::\\d+)?((?:/[^/?#]+)*)/?");

    private final Optional<Agent> agent;
    private final Optional<ServingHistory> history;
    private final AccessApi.Mode mode;
    private final EndpointRegistry registry;
    private final Addressing addressing;
    private final PublicPorts ports;

    /** Without an agent, others carry what the registry says, through HAProxy. */
    RoutesController(
            Optional<Agent> agent,
            Optional<ServingHistory> history,
            Optional<Balancer> balancer,
            EndpointRegistry registry,
            Addressing addressing,
            RouteProperties routes) {
        this.agent = agent;
        this.history = history;
        this.mode = balancer.map(Balancer::mode).orElse(AccessApi.Mode.HAPROXY);
        this.registry = registry;
        this.addressing = addressing;
        this.ports = routes.tcp().ranges();
    }

    @Override
    public List<RouteView> routes(@Nullable Caller caller) {
        return agent.map(Agent::carried).orElseGet(this::registered).stream()
                .filter(route -> Visibility.of(route.upstream(), caller))
                .sorted(Comparator.comparing(route -> route.upstream().instanceId()))
                .map(this::view)
                .toList();
    }

    @Override
    public RouteView route(UUID instanceId, @Nullable Caller caller) {
        return agent.map(Agent::carried).orElseGet(this::registered).stream()
                .filter(route ->
                        route.upstream().instanceId().equals(instanceId) && Visibility.of(route.upstream(), caller))
                .findFirst()
                .map(this::view)
                .orElseThrow(() ->
                        new Problem(RequestProblem.NOT_FOUND, "There is no route of instance " + instanceId + "."));
    }

    @Override
    public List<ServingView> history(String address, @Nullable Integer limit, @Nullable Caller caller) {
        int most = RequestProblem.entries("limit", limit, 100, 1_000);
        return history.map(files -> files.of(place(address))).orElse(List.of()).stream()
                .filter(serving -> Visibility.of(serving.tenant(), caller))
                .limit(most)
                .map(serving -> new ServingView(
                        serving.instanceId(),
                        serving.tenant(),
                        serving.instanceName(),
                        serving.taskId(),
                        serving.endpoint(),
                        serving.since(),
                        Optional.ofNullable(serving.drainingSince()),
                        serving.end()))
                .toList();
    }

    /** Of a URL as in {@link RouteView#addresses}, a host name, or a port. */
    private static String place(String address) {
        var tcp = TCP.matcher(address);
        if (tcp.matches()) {
            return ":" + tcp.group(1);
        }
        var sip = SIP.matcher(address.toLowerCase(Locale.ROOT));
        if (sip.matches()) {
            return "sip:" + sip.group(1);
        }
        var http = HTTP.matcher(address);
        if (!http.matches()) {
            throw RequestProblem.invalid(
                    "address", "must be a host name with or without a path, a port, or the URL of a route");
        }
        return http.group(1).toLowerCase(Locale.ROOT) + http.group(2);
    }

    private Collection<Agent.Carried> registered() {
        return registry.upstreams().stream()
                .map(upstream -> new Agent.Carried(upstream, upstream.changedAt(), addressing.addresses(upstream)))
                .toList();
    }

    private RouteView view(Agent.Carried route) {
        var upstream = route.upstream();
        return new RouteView(
                upstream.instanceId(),
                upstream.tenant(),
                upstream.instanceName(),
                mode,
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
                        .toList(),
                unreached(upstream));
    }

    private List<UnreachedPort> unreached(Upstream upstream) {
        return upstream.endpoints().stream()
                .map(Endpoint::port)
                .distinct()
                .filter(port -> upstream.routes().stream()
                        .noneMatch(route -> route.port().equals(port)))
                .map(port -> new UnreachedPort(port, why(upstream.tenant())))
                .toList();
    }

    private String why(String tenant) {
        Set<Integer> taken = registry.upstreams().stream()
                .filter(other -> !other.removed())
                .flatMap(other -> other.routes().stream())
                .flatMap(
                        route -> route instanceof Route.Port(String name, int number) ? Stream.of(number) : Stream.of())
                .collect(Collectors.toSet());
        return ports.of(tenant).stream()
                        .allMatch(range -> range.without(taken::contains).isEmpty())
                ? "No public port is free in " + ports.text(tenant)
                        + ". Delete an instance that isn't needed, or ask the operator for more ports."
                : "A later instance of the same name has its host name, or a public port has just become free and is taken with"
                        + " the next look at the tasks.";
    }
}
