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
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The reader keys of one application, and who has which.
 *
 * @param keys newest first
 * @param workloads what the tasks of each were given, the latest last; it stays theirs, as an engine refuses a workload that was
 *     another before
 * @param retired ids of keys that read nothing any more, the latest last; earlier centers kept none
 */
public record Keyring(List<Key> keys, Map<String, Key> workloads, List<String> retired) {

    public static final Keyring FIRST = new Keyring(ReaderKeys.FIRST.keys(), Map.of(), List.of());

    /** Those of long ago don't run any more. */
    private static final int MOST_WORKLOADS = 100;

    private static final int MOST_RETIRED = 100;

    public Keyring(List<Key> keys, Map<String, Key> workloads, @Nullable List<String> retired) {
        this.keys = List.copyOf(keys);
        this.workloads = Collections.unmodifiableMap(new LinkedHashMap<>(workloads));
        this.retired = List.copyOf(Objects.requireNonNullElse(retired, List.of()));
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
        return new Keyring(more, workloads, retired);
    }

    Keyring without(String id) {
        return left(keys.stream().filter(key -> !key.id().equals(id)).toList());
    }

    Keyring given(String workload, Key key) {
        Map<String, Key> more = new LinkedHashMap<>(workloads);
        more.put(workload, key);
        if (more.size() > MOST_WORKLOADS) {
            more.remove(more.keySet().iterator().next());
        }
        return new Keyring(keys, more, retired);
    }

    /** All nodes are open to all keys. */
    Keyring settled() {
        return new Keyring(keys.stream().map(Key::settled).toList(), workloads, retired);
    }

    /** All but the first one end then, or before if they would have. */
    Keyring retiringOthers(Instant at) {
        List<Key> some = new ArrayList<>(keys);
        some.subList(1, some.size()).replaceAll(key -> key.retiring(at));
        return new Keyring(some, workloads, retired);
    }

    /** When any of them ends. */
    Set<Instant> ends() {
        return keys.stream().map(Key::retiresAt).filter(Objects::nonNull).collect(Collectors.toSet());
    }

    /** Without those whose time has come; tasks that start get one that stays. */
    Keyring withoutDue(Instant now) {
        Key newest = readers().newest();
        return left(keys.stream()
                .filter(key -> key.equals(newest) || !key.isDue(now))
                .toList());
    }

    private Keyring left(List<Key> some) {
        List<String> gone = new ArrayList<>(retired);
        for (Key key : keys) {
            if (!some.contains(key)) {
                gone.remove(key.id());
                gone.add(key.id());
            }
        }
        return new Keyring(some, workloads, gone.subList(Math.max(0, gone.size() - MOST_RETIRED), gone.size()));
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
