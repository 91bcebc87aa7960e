package io.switchboard.access.balancer.haproxy;

import io.switchboard.access.route.Route;
import io.switchboard.access.route.Upstream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was wished for last, and by whom each host and port is claimed, so that a change is seen by what it touches and not by
 * a look at everything.
 */
final class Claims {

    private static final Comparator<Upstream> IDENTITY = (one, other) -> one == other ? 0 : 1;

    private Upstream[] last = {};
    private final Map<UUID, Upstream> wished = new HashMap<>();
    private final Map<Place, NavigableSet<UUID>> claimants = new HashMap<>();
    private int hosts;
    private int ports;
    private int weighted;

    /** Where traffic comes in; two routes to it are one place. */
    sealed interface Place {
        /** @param name with the path behind it, if the place is a part of the host */
        record Host(String name) implements Place {}

        record Port(int number) implements Place {}

        /** In TLS. */
        record ServerName(String name) implements Place {}

        static Place of(Route.Stream route) {
            return switch (route) {
                case Route.Http http -> new Host(http.place());
                case Route.Port(String port, int number) -> new Port(number);
            };
        }
    }

    /**
     * What a change touches.
     *
     * @param upstreams those that must be placed anew
     * @param places all that those have or had
     */
    record Touched(List<Upstream> upstreams, Set<Place> places) {}

    int hosts() {
        return hosts;
    }

    int ports() {
        return ports;
    }

    /** Routes that give new sessions by weight. */
    int weighted() {
        return weighted;
    }

    /**
     * Takes over the whole wish.
     *
     * @param again upstreams to be placed anew although nothing changed
     */
    Touched wish(Collection<Upstream> upstreams, Set<UUID> again) {
        Set<UUID> changed = new HashSet<>(again);
        Set<Place> places = new HashSet<>();
        var next = upstreams.toArray(Upstream[]::new);
        int first = Arrays.mismatch(last, next, IDENTITY);
        if (first >= 0) {
            int same = sameAtTheEnd(next, first);
            Set<UUID> gone = new HashSet<>();
            Arrays.stream(last, first, last.length - same).forEach(upstream -> gone.add(upstream.instanceId()));
            for (Upstream upstream : List.of(next).subList(first, next.length - same)) {
                gone.remove(upstream.instanceId());
                wish(upstream, changed, places);
            }
            gone.forEach(instance -> forget(instance, places));
            last = next;
        }
        return touched(changed, places);
    }

    /** How many, besides those at the beginning; of thousands most changes leave all but one or two. */
    private int sameAtTheEnd(Upstream[] next, int first) {
        int same = 0;
        int most = Math.min(last.length, next.length) - first;
        while (same < most && last[last.length - 1 - same] == next[next.length - 1 - same]) {
            same++;
        }
        return same;
    }

    private void wish(Upstream upstream, Set<UUID> changed, Set<Place> places) {
        var before = wished.put(upstream.instanceId(), upstream);
        if (before == null || !before.equals(upstream)) {
            changed.add(upstream.instanceId());
            weighted += weighted(upstream) - weighted(before);
            move(upstream.instanceId(), placesOf(before), placesOf(upstream), places);
        }
    }

    private void forget(UUID instance, Set<Place> places) {
        var gone = wished.remove(instance);
        weighted -= weighted(gone);
        move(instance, placesOf(gone), Set.of(), places);
    }

    private void move(UUID instance, Set<Place> from, Set<Place> to, Set<Place> touched) {
        from.stream().filter(place -> !to.contains(place)).forEach(place -> {
            var claiming = Objects.requireNonNull(claimants.get(place));
            claiming.remove(instance);
            if (claiming.isEmpty()) {
                claimants.remove(place);
                count(place, -1);
            }
        });
        to.forEach(place -> {
            var claiming = claimants.computeIfAbsent(place, none -> new TreeSet<>(Upstream.BY_AGE));
            if (claiming.isEmpty()) {
                count(place, 1);
            }
            claiming.add(instance);
        });
        touched.addAll(from);
        touched.addAll(to);
    }

    private void count(Place place, int more) {
        switch (place) {
            case Place.Host host -> hosts += more;
            case Place.Port port -> ports += more;
            case Place.ServerName name -> {
                // Leads to what a port leads to.
            }
        }
    }

    /** Whoever claims a place of one that changed, and all their places, and so on. */
    private Touched touched(Set<UUID> changed, Set<Place> left) {
        Set<UUID> upstreams = new HashSet<>();
        Set<Place> places = new HashSet<>(left);
        var next = new ArrayDeque<>(changed);
        left.forEach(place -> next.addAll(claimants.getOrDefault(place, new TreeSet<>())));
        while (!next.isEmpty()) {
            var instance = next.remove();
            if (wished.containsKey(instance) && upstreams.add(instance)) {
                placesOf(wished.get(instance)).stream()
                        .filter(places::add)
                        .forEach(place -> next.addAll(Objects.requireNonNull(claimants.get(place))));
            }
        }
        return new Touched(
                upstreams.stream()
                        .map(id -> Objects.requireNonNull(wished.get(id)))
                        .toList(),
                places);
    }

    private static int weighted(@Nullable Upstream upstream) {
        return (int) Stream.ofNullable(upstream)
                .filter(each -> !each.removed())
                .flatMap(each -> each.streams().stream().filter(route -> each.weighted(route.port())))
                .count();
    }

    private static Set<Place> placesOf(@Nullable Upstream upstream) {
        return Stream.ofNullable(upstream)
                .filter(each -> !each.removed())
                .flatMap(each -> Stream.concat(
                        each.streams().stream().map(Place::of),
                        each.streams().stream()
                                .flatMap(route -> each.serverNames(route.port()).stream())
                                .map(Place.ServerName::new)))
                .collect(Collectors.toSet());
    }
}
