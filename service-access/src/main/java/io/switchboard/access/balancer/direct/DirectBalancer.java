package io.switchboard.access.balancer.direct;

import io.switchboard.access.balancer.Balancer;
import io.switchboard.access.balancer.Counted;
import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.access.AccessApi;
import io.switchboard.contracts.access.Address;
import io.switchboard.contracts.scheduling.PortSpec.Protocol;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The addresses of an instance are those of its ready tasks. */
public final class DirectBalancer implements Balancer {

    @Override
    public AccessApi.Mode mode() {
        return AccessApi.Mode.DIRECT;
    }

    @Override
    public Map<UUID, Outcome> carry(Collection<Upstream> upstreams) {
        Map<UUID, Outcome> outcomes = new HashMap<>();
        for (Upstream upstream : upstreams) {
            outcomes.put(upstream.instanceId(), new Outcome.InForce(addresses(upstream)));
        }
        return outcomes;
    }

    @Override
    public Map<UUID, Outcome> audit(Collection<Upstream> upstreams) {
        return carry(upstreams);
    }

    @Override
    public void save() {
        // Nothing comes back.
    }

    @Override
    public Condition condition() {
        return new Condition("", 0, List.of(), Optional.empty(), 0);
    }

    @Override
    public List<Counted> counted() {
        return List.of();
    }

    @Override
    public void onEnd(Runnable listener) {
        // Nothing runs that could.
    }

    @Override
    public void close() {
        // Nothing runs here.
    }

    @Override
    public boolean goesOn() {
        return false;
    }

    private static List<Address> addresses(Upstream upstream) {
        return upstream.removed()
                ? List.of()
                : upstream.endpoints().stream()
                        .filter(Endpoint::ready)
                        .map(endpoint -> address(upstream, endpoint))
                        .toList();
    }

    private static Address address(Upstream upstream, Endpoint endpoint) {
        var place = endpoint.host() + ":" + endpoint.number();
        return upstream.routes().stream()
                .filter(route -> route.port().equals(endpoint.port()))
                .findFirst()
                .map(route -> switch (route) {
                    case Route.Http http -> new Address(endpoint.port(), Protocol.HTTP, "http://" + place);
                    case Route.Port port -> new Address(endpoint.port(), Protocol.TCP, "tcp://" + place);
                    case Route.Sip sip ->
                        new Address(endpoint.port(), Protocol.SIP_UDP, "sip:" + place + ";transport=udp");
                })
                .orElseGet(() -> new Address(endpoint.port(), Protocol.HTTP, "http://" + place));
    }
}
