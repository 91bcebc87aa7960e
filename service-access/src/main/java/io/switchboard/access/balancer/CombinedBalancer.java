package io.switchboard.access.balancer;

import io.switchboard.access.balancer.Aside.Settled;
import io.switchboard.access.endpoint.Drift;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.access.AccessApi;
import io.switchboard.contracts.access.Address;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One for what comes in over TCP and one for SIP over UDP. An instance with routes of both is carried once both carry it. Nothing
 * that comes in over TCP waits for the second, which may be slow or away.
 */
final class CombinedBalancer implements Balancer {

    private final Balancer streams;
    private final Balancer sip;
    private final Aside aside;

    private final Map<UUID, Outcome> ofStreams = new HashMap<>();
    /** What was said last of instances with SIP over UDP. */
    private final Map<UUID, Settled> said = new HashMap<>();

    CombinedBalancer(Balancer streams, Balancer sip) {
        this.streams = streams;
        this.sip = sip;
        this.aside = new Aside("SIP over UDP", sip);
    }

    @Override
    public AccessApi.Mode mode() {
        return streams.mode();
    }

    @Override
    public Map<UUID, Outcome> carry(Collection<Upstream> upstreams) {
        var both = both(upstreams);
        aside.wish(both, false);
        return outcomes(both, streams.carry(upstreams));
    }

    @Override
    public Map<UUID, Outcome> audit(Collection<Upstream> upstreams) {
        var both = both(upstreams);
        aside.wish(both, true);
        return outcomes(both, streams.audit(upstreams));
    }

    @Override
    public boolean auditDue(Collection<Upstream> upstreams) {
        aside.audit();
        return streams.auditDue(upstreams);
    }

    private static List<Upstream> both(Collection<Upstream> upstreams) {
        return upstreams.stream().filter(Upstream::overUdp).toList();
    }

    /** What is carried over TCP, and of instances with both what is settled for both. */
    private Map<UUID, Outcome> outcomes(List<Upstream> both, Map<UUID, Outcome> changed) {
        Map<UUID, Outcome> outcomes = new HashMap<>(changed);
        var settled = aside.settled();
        var ids = both.stream().map(Upstream::instanceId).collect(Collectors.toSet());
        ofStreams.putAll(changed);
        ofStreams.keySet().retainAll(ids);
        said.keySet().retainAll(ids);
        for (Upstream upstream : both) {
            var id = upstream.instanceId();
            var one = ofStreams.get(id);
            var other = settled.get(id);
            outcomes.remove(id);
            if (one != null && other != null && other.upstream().equals(upstream)) {
                var now = new Settled(upstream, together(upstream, one, other.outcome()));
                if (!now.equals(said.put(id, now)) || changed.containsKey(id)) {
                    outcomes.put(id, now.outcome());
                }
            }
        }
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
                one.certificates(),
                one.oldWorkers());
    }

    @Override
    public List<Counted> counted() {
        return Stream.concat(streams.counted().stream(), ofSip().stream()).toList();
    }

    private List<Counted> ofSip() {
        try {
            return sip.counted();
        } catch (BalancerUnavailable e) {
            return List.of();
        }
    }

    @Override
    public void onEnd(Runnable listener) {
        streams.onEnd(listener);
        sip.onEnd(listener);
    }

    @Override
    public void onNews(Runnable listener) {
        aside.onNews(listener);
    }

    @Override
    public void close() {
        streams.close();
        aside.close();
    }

    @Override
    public boolean goesOn() {
        return streams.goesOn() || sip.goesOn();
    }
}
