package io.switchboard.access.balancer.haproxy;

import java.util.AbstractMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which backend each place leads to, and of each backend how many do. Made of another as {@link Shards} are. */
final class Leads<K> extends AbstractMap<K, String> {

    private final Shards<K, String> places;
    private final Shards<String, Integer> counts;

    private Leads(Shards<K, String> places, Shards<String, Integer> counts) {
        this.places = places;
        this.counts = counts;
    }

    static <K> Leads<K> of(Map<K, String> places) {
        return places instanceof Leads<K> already
                ? already
                : new Leads<K>(Shards.of(Map.of()), Shards.of(Map.of())).with(Map.of(), places);
    }

    /** This with other entries in place of some of its own. */
    Leads<K> with(Map<K, String> before, Map<K, String> after) {
        if (before.equals(after)) {
            return this;
        }
        Map<String, Integer> changed = new HashMap<>();
        var touched = new HashSet<>(before.keySet());
        touched.addAll(after.keySet());
        for (K place : touched) {
            count(changed, places.get(place), -1);
            count(changed, after.get(place), 1);
        }
        Set<String> over = new HashSet<>();
        changed.forEach((backend, count) -> {
            if (count == 0) {
                over.add(backend);
            }
        });
        changed.keySet().removeAll(over);
        return new Leads<>(places.with(before.keySet(), after), counts.with(over, changed));
    }

    private void count(Map<String, Integer> changed, @Nullable String backend, int more) {
        if (backend != null) {
            changed.merge(backend, counts.getOrDefault(backend, 0) + more, (sofar, none) -> sofar + more);
        }
    }

    boolean leadTo(String backend) {
        return counts.containsKey(backend);
    }

    Set<String> backends() {
        return counts.keySet();
    }

    @Override
    public @Nullable String get(Object place) {
        return places.get(place);
    }

    @Override
    public boolean containsKey(Object place) {
        return places.containsKey(place);
    }

    @Override
    public int size() {
        return places.size();
    }

    @Override
    public Set<Map.Entry<K, String>> entrySet() {
        return places.entrySet();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Leads<?> leads ? places.equals(leads.places) : super.equals(other);
    }

    @Override
    public int hashCode() {
        return places.hashCode();
    }
}
