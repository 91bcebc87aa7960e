package io.switchboard.config.credential;

import io.switchboard.config.access.ReaderKeys;
import io.switchboard.config.access.ReaderKeys.Key;
import io.switchboard.config.ensemble.Documents;
import io.switchboard.configprotocol.NamespacePath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The reader keys of one application, and who has which.
 *
 * @param keys newest first
 * @param workloads what the tasks of each were given, the latest last; it stays theirs, as an engine refuses a workload that was
 *     another before
 */
public record Keyring(List<Key> keys, Map<String, Key> workloads) {

    public static final Keyring FIRST = new Keyring(ReaderKeys.FIRST.keys(), Map.of());

    /** Those of long ago don't run any more. */
    private static final int MOST_WORKLOADS = 100;

    public Keyring {
        keys = List.copyOf(keys);
        workloads = Collections.unmodifiableMap(new LinkedHashMap<>(workloads));
    }

    /** Where it is kept; apart from the namespaces, as a key that was retired once never comes back, whatever is deleted. */
    public static String node(NamespacePath application) {
        return Documents.ROOT + "/readers/" + application.tenant() + "/" + application.application();
    }

    public ReaderKeys readers() {
        return new ReaderKeys(keys);
    }

    Keyring with(Key key) {
        List<Key> more = new ArrayList<>(keys);
        more.addFirst(key);
        return new Keyring(more, workloads);
    }

    Keyring without(String id) {
        return new Keyring(keys.stream().filter(key -> !key.id().equals(id)).toList(), workloads);
    }

    Keyring given(String workload, Key key) {
        Map<String, Key> more = new LinkedHashMap<>(workloads);
        more.put(workload, key);
        if (more.size() > MOST_WORKLOADS) {
            more.remove(more.keySet().iterator().next());
        }
        return new Keyring(keys, more);
    }

    /** All nodes are open to all keys. */
    Keyring settled() {
        return new Keyring(keys.stream().map(Key::settled).toList(), workloads);
    }

    /** All but the first one end then, or before if they would have. */
    Keyring retiringOthers(Instant at) {
        List<Key> some = new ArrayList<>(keys);
        some.subList(1, some.size()).replaceAll(key -> key.retiring(at));
        return new Keyring(some, workloads);
    }

    /** Without those whose time has come; tasks that start get one that stays. */
    Keyring withoutDue(Instant now) {
        Key newest = readers().newest();
        return new Keyring(
                keys.stream()
                        .filter(key -> key.equals(newest) || !key.isDue(now))
                        .toList(),
                workloads);
    }

    /** Names of the workloads whose tasks were given that key. */
    public List<String> holders(Key key) {
        return workloads.entrySet().stream()
                .filter(entry -> entry.getValue().salt().equals(key.salt()))
                .map(Map.Entry::getKey)
                .toList();
    }

    boolean isFirst() {
        return readers().equals(ReaderKeys.FIRST);
    }
}
