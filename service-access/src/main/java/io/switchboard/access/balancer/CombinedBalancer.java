package io.switchboard.access.balancer;

import io.switchboard.access.endpoint.Drift;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.access.AccessApi;
import io.switchboard.contracts.access.Address;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One for what comes in over TCP and one for SIP over UDP. An instance with routes of both is carried once both carry it. While
 * the second is away, instances without SIP over UDP are carried as ever.
 */
final class CombinedBalancer implements Balancer {

    private final Balancer streams;
    private final Balancer sip;

    private final Map<UUID, Outcome> ofStreams = new HashMap<>();
    private Map<UUID, Outcome> ofSip = Map.of();
    /** Changed since it was last said. */
    private final Set<UUID> unsaid = new HashSet<>();

    /** Both take the whole wish in the same way. */
    @FunctionalInterface
    private interface Act {
        Map<UUID, Outcome> of(Balancer balancer, Collection<Upstream> upstreams);
    }

    CombinedBalancer(Balancer streams, Balancer sip) {
        this.streams = streams;
        this.sip = sip;
    }

    @Override
    public AccessApi.Mode mode() {
        return streams.mode();
    }

    @Override
    public Map<UUID, Outcome> carry(Collection<Upstream> upstreams) {
        return carried(upstreams, Balancer::carry);
    }

    @Override
    public Map<UUID, Outcome> audit(Collection<Upstream> upstreams) {
        return carried(upstreams, Balancer::audit);
    }

    private Map<UUID, Outcome> carried(Collection<Upstream> upstreams, Act act) {
        var both =
                upstreams.stream().filter(upstream -> !upstream.sip().isEmpty()).toList();
        var after = sip(both, act);
        after.forEach((id, outcome) -> {
            if (!outcome.equals(ofSip.get(id))) {
                unsaid.add(id);
            }
        });
        ofSip = after;
        var changed = act.of(streams, upstreams);
        ofStreams.putAll(changed);
        Map<UUID, Outcome> outcomes = new HashMap<>(changed);
        for (Upstream upstream : both) {
            var id = upstream.instanceId();
            var one = ofStreams.get(id);
            var other = ofSip.get(id);
            outcomes.remove(id);
            if (one != null && other != null && (changed.containsKey(id) || unsaid.contains(id))) {
                outcomes.put(id, together(upstream, one, other));
            }
        }
        unsaid.clear();
        ofStreams.keySet().retainAll(both.stream().map(Upstream::instanceId).collect(Collectors.toSet()));
        return outcomes;
    }

    /** What became of every upstream with SIP over UDP. */
    private Map<UUID, Outcome> sip(List<Upstream> upstreams, Act act) {
        Map<UUID, Outcome> outcomes = new HashMap<>();
        upstreams.forEach(upstream -> {
            var before = ofSip.get(upstream.instanceId());
            if (before != null) {
                outcomes.put(upstream.instanceId(), before);
            }
        });
        try {
            outcomes.putAll(act.of(sip, upstreams));
        } catch (BalancerUnavailable e) {
            var away = new Outcome.Refused("SIP over UDP: " + e.getMessage());
            upstreams.forEach(upstream -> outcomes.put(upstream.instanceId(), away));
        }
        outcomes.keySet().retainAll(upstreams.stream().map(Upstream::instanceId).collect(Collectors.toSet()));
        return outcomes;
    }

    private static Outcome together(Upstream upstream, Outcome streams, Outcome sip) {
        if (streams instanceof Outcome.InForce(List<Address> overTcp)
                && sip instanceof Outcome.InForce(List<Address> overUdp)) {
            return new Outcome.InForce(Stream.concat(of(upstream.streams(), overTcp), of(upstream.sip(), overUdp))
                    .toList());
        }
        return streams instanceof Outcome.Refused ? streams : sip;
    }

    private static Stream<Address> of(List<? extends Route> routes, List<Address> addresses) {
        var ports = routes.stream().map(Route::port).collect(Collectors.toSet());
        return addresses.stream().filter(address -> ports.contains(address.port()));
    }

    @Override
    public void save() {
        streams.save();
        sip.save();
    }

    @Override
    public Condition condition() {
        var one = streams.condition();
        var other = sip.condition();
        return new Condition(
                Stream.of(one.version(), other.version().isEmpty() ? "" : "Kamailio " + other.version())
                        .filter(version -> !version.isEmpty())
                        .collect(Collectors.joining(", ")),
                one.repairs() + other.repairs(),
                Stream.concat(one.drifts().stream(), other.drifts().stream())
                        .sorted(Comparator.comparing(Drift::noticedAt).reversed())
                        .limit(Drift.MOST_KEPT)
                        .toList(),
                one.certificates());
    }

    @Override
    public List<Counted> counted() {
        return Stream.concat(streams.counted().stream(), sip.counted().stream()).toList();
    }

    @Override
    public void onEnd(Runnable listener) {
        streams.onEnd(listener);
        sip.onEnd(listener);
    }

    @Override
    public void close() {
        streams.close();
        sip.close();
    }

    @Override
    public boolean goesOn() {
        return streams.goesOn() || sip.goesOn();
    }
}
