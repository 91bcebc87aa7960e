package io.switchboard.access.balancer;

import io.switchboard.access.endpoint.ConditionalOnRegistrar;
import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.endpoint.RegistryUnavailable;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Network;
import io.switchboard.access.route.Policy;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.access.route.Visibility;
import io.switchboard.contracts.access.AccessApi;
import io.switchboard.contracts.access.RoutePolicyApi;
import io.switchboard.contracts.identity.Caller;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import io.switchboard.contracts.problem.RequestProblem.FieldProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

@RestController
@ConditionalOnRegistrar
class RoutePolicyController implements RoutePolicyApi {

    private final EndpointRegistry registry;
    private final Addressing addressing;
    private final AccessApi.Mode mode;

    RoutePolicyController(EndpointRegistry registry, Addressing addressing, Optional<Balancer> balancer) {
        this.registry = registry;
        this.addressing = addressing;
        this.mode = balancer.map(Balancer::mode).orElse(AccessApi.Mode.HAPROXY);
    }

    @Override
    public PolicyView policy(UUID instanceId, @Nullable Caller caller) {
        return view(visible(instanceId, caller));
    }

    @Override
    public PolicyView govern(UUID instanceId, PolicyRequest request, @Nullable Caller caller) {
        var upstream = visible(instanceId, caller);
        if (mode == AccessApi.Mode.DIRECT) {
            throw new Problem(
                    RouteProblem.NO_BALANCER,
                    "Callers reach the tasks themselves, so that nobody could see to a policy.");
        }
        var policy = policy(request, upstream);
        try {
            return view(registry.govern(instanceId, policy).orElseThrow(() -> notFound(instanceId)));
        } catch (RegistryUnavailable e) {
            throw new Problem(RequestProblem.UNAVAILABLE, "The store of routes does not answer at the moment.");
        }
    }

    private Upstream visible(UUID instanceId, @Nullable Caller caller) {
        return registry.upstream(instanceId)
                .filter(upstream -> Visibility.of(upstream, caller))
                .orElseThrow(() -> notFound(instanceId));
    }

    private static Problem notFound(UUID instanceId) {
        return new Problem(RequestProblem.NOT_FOUND, "There is no route of instance " + instanceId + ".");
    }

    private Policy policy(PolicyRequest request, Upstream upstream) {
        List<FieldProblem> errors = new ArrayList<>();
        Map<String, Policy.Rules> ports = new HashMap<>();
        Objects.requireNonNullElse(request.ports(), Map.<String, PortRules>of()).forEach((port, rules) -> {
            var route = upstream.routes().stream()
                    .filter(each -> each.port().equals(port))
                    .findFirst();
            if (route.isEmpty()) {
                errors.add(new FieldProblem(
                        "ports",
                        "must name ports that have a route: "
                                + String.join(
                                        ", ",
                                        upstream.routes().stream()
                                                .map(Route::port)
                                                .toList())));
            } else {
                ports.put(port, rules(upstream, port, rules, route.get(), errors));
            }
        });
        var shares = Objects.requireNonNullElse(request.shares(), List.<Share>of()).stream()
                .map(share -> new Policy.Share(share.revision(), share.percent()))
                .toList();
        if (shares.stream().map(Policy.Share::revision).distinct().count() < shares.size()) {
            errors.add(new FieldProblem("shares", "must name each revision once"));
        } else if (shares.stream().mapToInt(Policy.Share::percent).sum() > 100) {
            errors.add(new FieldProblem("shares", "must be at most 100 in sum"));
        }
        if (!errors.isEmpty()) {
            throw RequestProblem.invalid(errors);
        }
        return new Policy(shares, ports);
    }

    private Policy.Rules rules(
            Upstream upstream, String port, PortRules rules, Route route, List<FieldProblem> errors) {
        boolean sticky = Boolean.TRUE.equals(rules.sticky());
        if (!(route instanceof Route.Http) && sticky) {
            errors.add(new FieldProblem("ports." + port + ".sticky", "must be left out where callers speak no HTTP"));
        }
        if (!(route instanceof Route.Http) && rules.tunnelSeconds() != null) {
            errors.add(new FieldProblem(
                    "ports." + port + ".tunnelSeconds", "must be left out where callers speak no HTTP"));
        }
        var serverName = "";
        if (Boolean.TRUE.equals(rules.tlsPassthrough())) {
            try {
                serverName = addressing.serverName(upstream, port);
            } catch (IllegalArgumentException e) {
                errors.add(new FieldProblem(
                        "ports." + port + ".tlsPassthrough",
                        "must be left out for a port whose name is no part of a host name"));
            }
            if (route instanceof Route.Http) {
                errors.add(new FieldProblem(
                        "ports." + port + ".tlsPassthrough", "must be left out where the balancer speaks HTTP"));
            }
            if (route instanceof Route.Sip) {
                errors.add(new FieldProblem(
                        "ports." + port + ".tlsPassthrough", "must be left out for SIP over UDP, which has no TLS"));
            }
        }
        boolean proxyProtocol = Boolean.TRUE.equals(rules.proxyProtocol());
        if (route instanceof Route.Http && proxyProtocol) {
            errors.add(new FieldProblem(
                    "ports." + port + ".proxyProtocol",
                    "must be left out where the balancer speaks HTTP; tasks are told by X-Forwarded-For"));
        }
        if (route instanceof Route.Sip && proxyProtocol) {
            errors.add(new FieldProblem(
                    "ports." + port + ".proxyProtocol",
                    "must be left out for SIP over UDP, which has no connections; tasks are told by Via"));
        }
        if (route instanceof Route.Sip && rules.limits() != null) {
            overUdp(port, "connections", rules.limits().connections(), errors);
            overUdp(port, "connectionsPerSource", rules.limits().connectionsPerSource(), errors);
        }
        List<Network> allow = new ArrayList<>();
        for (String network : Objects.requireNonNullElse(rules.allow(), List.<String>of())) {
            try {
                allow.add(new Network(network));
            } catch (IllegalArgumentException e) {
                errors.add(new FieldProblem("ports." + port + ".allow", String.valueOf(e.getMessage())));
            }
        }
        return new Policy.Rules(
                sticky,
                Objects.requireNonNullElse(rules.tunnelSeconds(), 0),
                rules.limits() == null ? Policy.Limits.NONE : limits(rules.limits()),
                allow,
                serverName,
                proxyProtocol);
    }

    private static void overUdp(String port, String limit, @Nullable Integer said, List<FieldProblem> errors) {
        if (said != null) {
            errors.add(new FieldProblem(
                    "ports." + port + ".limits." + limit,
                    "must be left out for SIP over UDP: the balancer doesn't know when a call ends; perSecond and"
                            + " perSecondPerSource limit calls that begin"));
        }
    }

    private static Policy.Limits limits(Limits limits) {
        return new Policy.Limits(
                Objects.requireNonNullElse(limits.connections(), 0),
                Objects.requireNonNullElse(limits.perSecond(), 0),
                Objects.requireNonNullElse(limits.connectionsPerSource(), 0),
                Objects.requireNonNullElse(limits.perSecondPerSource(), 0));
    }

    private static PolicyView view(Upstream upstream) {
        Map<String, PortRules> ports = new HashMap<>();
        upstream.policy()
                .ports()
                .forEach((port, rules) -> ports.put(
                        port,
                        new PortRules(
                                rules.sticky(),
                                said(rules.tunnelSeconds()),
                                rules.limits().equals(Policy.Limits.NONE) ? null : view(rules.limits()),
                                rules.allow().stream().map(Network::text).toList(),
                                !rules.serverName().isEmpty(),
                                rules.proxyProtocol())));
        Map<String, String> serverNames = new HashMap<>();
        upstream.policy().ports().forEach((port, rules) -> {
            if (!rules.serverName().isEmpty()) {
                serverNames.put(port, rules.serverName());
            }
        });
        return new PolicyView(
                upstream.instanceId(),
                upstream.policy().shares().stream()
                        .map(share -> new Share(share.revision(), share.percent()))
                        .toList(),
                ports,
                serverNames,
                upstream.traffic().stream()
                        .map(each -> new RevisionTraffic(each.revision(), each.readyTasks(), each.percent()))
                        .toList());
    }

    private static Limits view(Policy.Limits limits) {
        return new Limits(
                said(limits.connections()),
                said(limits.perSecond()),
                said(limits.connectionsPerSource()),
                said(limits.perSecondPerSource()));
    }

    private static @Nullable Integer said(int number) {
        return number == 0 ? null : number;
    }
}
