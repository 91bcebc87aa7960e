package io.switchboard.access.balancer;

import io.switchboard.access.balancer.Counted.Counter;
import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Adds up for each route what a balancer counts for whatever the route leads to. A part of the balancer that led to another
 * instance before has counted for that one: only what comes from look to look is a route's.
 */
final class Tally {

    private Map<String, Counted> last = Map.of();
    private Map<Key, Figures> figures = Map.of();
    private @Nullable Instant lastLook;

    private record Key(UUID instanceId, String place) {}

    /**
     * What went over a route.
     *
     * @param port the name of the service's port
     * @param place host name with or without a path, public port as {@code :22017}, or SIP domain as {@code sip:trunk.acme.switchboard.localhost}
     * @param since when counting began
     * @param totals since then
     * @param lately what came within the last {@code seconds}
     */
    record Figures(
            Upstream upstream,
            String port,
            String place,
            Instant since,
            Map<Counter, Long> totals,
            Map<Counter, Long> lately,
            double seconds,
            long current,
            double latencyMillis) {

        long total(Counter counter) {
            return totals.getOrDefault(counter, 0L);
        }

        double perSecond(Counter counter) {
            return seconds == 0 ? 0 : lately.getOrDefault(counter, 0L) / seconds;
        }
    }

    List<Figures> figures() {
        return List.copyOf(figures.values());
    }

    /** Takes a new look at what was counted, while these upstreams are carried. */
    void look(List<Counted> counted, Collection<Upstream> upstreams, Instant now) {
        Map<String, Counted> next = new HashMap<>();
        Map<String, Counted> byPlace = new HashMap<>();
        for (Counted each : counted) {
            next.put(each.source(), each);
            each.places().forEach(place -> byPlace.put(place, each));
        }
        double seconds = lastLook == null ? 0 : Duration.between(lastLook, now).toMillis() / 1e3;
        Map<Key, Figures> after = new HashMap<>();
        owners(upstreams).forEach((place, owner) -> {
            var source = byPlace.get(place);
            if (source != null) {
                var key = new Key(owner.upstream().instanceId(), place);
                after.put(key, next(owner, place, figures.get(key), source, now, seconds));
            }
        });
        figures = after;
        last = next;
        lastLook = now;
    }

    private record Owner(Upstream upstream, String port) {}

    private static Map<String, Owner> owners(Collection<Upstream> upstreams) {
        List<Upstream> byAge = new ArrayList<>(upstreams);
        byAge.sort(Comparator.comparing(Upstream::instanceId, Upstream.BY_AGE));
        Map<String, Owner> owners = new HashMap<>();
        for (Upstream upstream : byAge) {
            if (!upstream.removed()) {
                for (Route route : upstream.routes()) {
                    owners.put(place(route), new Owner(upstream, route.port()));
                }
            }
        }
        return owners;
    }

    static String place(Route route) {
        return switch (route) {
            case Route.Http http -> http.place();
            case Route.Port(String port, int number) -> ":" + number;
            case Route.Sip(String port, String domain) -> "sip:" + domain;
        };
    }

    private Figures next(Owner owner, String place, @Nullable Figures before, Counted now, Instant at, double seconds) {
        var lately = new EnumMap<Counter, Long>(Counter.class);
        if (lastLook != null) {
            var earlier = last.get(now.source());
            lately.putAll(earlier == null ? now.counters() : now.since(earlier));
        }
        var totals = new EnumMap<Counter, Long>(Counter.class);
        if (before != null) {
            totals.putAll(before.totals());
        }
        lately.forEach((counter, more) -> totals.merge(counter, more, Long::sum));
        return new Figures(
                owner.upstream(),
                owner.port(),
                place,
                before == null ? at : before.since(),
                totals,
                lately,
                seconds,
                now.current(),
                now.latencyMillis());
    }
}
