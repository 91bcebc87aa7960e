package io.switchboard.access.balancer.haproxy;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An immutable map. Another one with other entries costs what these cost, and little of all that there are; it has no order. */
final class Shards<K, V> extends AbstractMap<K, V> {

    private static final int COUNT = 128;

    private final List<Map<K, V>> shards;
    private final int size;

    private Shards(List<Map<K, V>> shards) {
        this.shards = shards;
        this.size = shards.stream().mapToInt(Map::size).sum();
    }

    static <K, V> Shards<K, V> of(Map<K, V> entries) {
        if (entries instanceof Shards<K, V> already) {
            return already;
        }
        List<Map<K, V>> none = new ArrayList<>(COUNT);
        for (int at = 0; at < COUNT; at++) {
            none.add(Map.of());
        }
        return new Shards<>(none).with(Set.of(), entries);
    }

    /** This without some entries, and then with others. */
    Shards<K, V> with(Collection<K> gone, Map<K, V> put) {
        Map<Integer, Map<K, V>> changed = new TreeMap<>();
        gone.forEach(key -> changed(changed, key).remove(key));
        put.forEach((key, value) -> changed(changed, key).put(key, value));
        List<Map<K, V>> next = new ArrayList<>(shards);
        changed.forEach((at, shard) -> next.set(at, Map.copyOf(shard)));
        return new Shards<>(next);
    }

    private Map<K, V> changed(Map<Integer, Map<K, V>> changed, K key) {
        return changed.computeIfAbsent(at(key), at -> new HashMap<>(shards.get(at)));
    }

    private static int at(Object key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return (hash >>> 16) % COUNT;
    }

    @Override
    @SuppressWarnings("SuspiciousMethodCalls")
    public @Nullable V get(Object key) {
        return shards.get(at(key)).get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return shards.get(at(key)).containsKey(key);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return shards.stream()
                        .flatMap(shard -> shard.entrySet().stream())
                        .iterator();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /** Quick where much is shared. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Shards<?, ?> shared ? shards.equals(shared.shards) : super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
