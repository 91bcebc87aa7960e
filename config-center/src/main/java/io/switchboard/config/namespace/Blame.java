package io.switchboard.config.namespace;

import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.Release;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which release made things as they are. */
final class Blame {

    private Blame() {}

    /**
     * The release that last changed each key of the newest one.
     *
     * @param releases in order, the oldest first
     */
    static SortedMap<String, Release> of(List<Release> releases) {
        SortedMap<String, Release> origins = new TreeMap<>();
        Items before = Items.NONE;
        for (Release release : releases) {
            Set<String> changed = release.items().changedSince(before);
            changed.forEach(key -> origins.put(key, release));
            before = release.items();
        }
        // What the newest doesn't have is no difference between its items and theirs without it.
        origins.keySet().retainAll(before.changedSince(Items.NONE));
        return origins;
    }

    /**
     * Pending changes that a rollback took back: publishing them would bring back what was found to be wrong.
     *
     * @param before what was in effect until the rollback
     */
    static SortedSet<String> takenBack(Items before, NamespaceState afterRollback) {
        SortedSet<String> keys = new TreeSet<>(afterRollback.draft().changedSince(afterRollback.released()));
        keys.removeAll(afterRollback.draft().changedSince(before));
        return keys;
    }
}
