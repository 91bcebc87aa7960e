package io.switchboard.config.secret;

import io.switchboard.configprotocol.CannotOpen;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.configprotocol.Sealed;
import io.switchboard.configprotocol.SealingKey;
import io.switchboard.configprotocol.Secret;
import io.switchboard.contracts.problem.Problem;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Seals encrypted items, envelope-wise: each value with a key of its own, and that one with a data key of the namespace; data keys,
 * for the center, with its master key and, in each release, with the access key of the application that reads it. Nothing here opens
 * a value.
 */
@Component
public class Secrets {

    private final MasterKeys masterKeys;
    private final KeyNodes nodes;
    private final Clock clock;

    Secrets(MasterKeys masterKeys, KeyNodes nodes, Clock clock) {
        this.masterKeys = masterKeys;
        this.nodes = nodes;
        this.clock = clock;
    }

    /** @throws Problem {@link SecretProblem#NO_MASTER_KEY} */
    public void checkPossible() {
        masterKeys.current();
    }

    void ensureAccessKey(NamespacePath path) {
        newest(application(path));
    }

    /** Seals values of one namespace for as long as one change takes. */
    public final class Sealer {

        private final NamespacePath path;
        private final String author;
        private final List<SealingKey> keys;

        private Sealer(NamespacePath path, String author) {
            this.path = path;
            this.author = author;
            newest(path.toString());
            this.keys = keys(path.toString());
        }

        /**
         * The secret that is there already if this author gave the same value, so that the same change twice is one. With somebody
         * else's it would tell whether a guess is right.
         */
        public Secret seal(String key, String value, Optional<Secret> before) {
            return before.filter(secret -> secret.setBy().equals(author) && holds(secret, key, value))
                    .orElseGet(() -> Secret.seal(keys.getFirst(), path, key, value, author, clock.instant()));
        }

        private boolean holds(Secret secret, String key, String value) {
            return keys.stream()
                    .filter(one -> one.id().equals(secret.dataKeyId()))
                    .anyMatch(one -> opened(() -> secret.holds(one, path, key, value)));
        }
    }

    public Sealer sealer(NamespacePath path, String author) {
        return new Sealer(path, author);
    }

    /** What is encrypted by now stays so: a plain item of the past that is one of them is sealed with its value of that time. */
    public Items keepingSealed(NamespacePath path, Items past, Items now, String author) {
        Set<String> open = new TreeSet<>(past.values().keySet());
        open.retainAll(now.secrets().keySet());
        if (open.isEmpty()) {
            return past;
        }
        Sealer sealer = sealer(path, author);
        SortedMap<String, String> plain = new TreeMap<>(past.values());
        SortedMap<String, Secret> sealed = new TreeMap<>(past.secrets());
        for (String key : open) {
            String value = Objects.requireNonNull(plain.remove(key));
            sealed.put(
                    key,
                    sealer.seal(key, value, Optional.ofNullable(now.secrets().get(key))));
        }
        return new Items(plain, sealed);
    }

    /** What goes into a release of these items, so that its readers can open what is encrypted. */
    public List<Sealed> dataKeys(NamespacePath path, Items items) {
        return dataKeys(path, items, path);
    }

    /** @param reader any namespace of the application and stage that reads them */
    public List<Sealed> dataKeys(NamespacePath path, Items items, NamespacePath reader) {
        if (items.secrets().isEmpty()) {
            return List.of();
        }
        newest(application(reader));
        Map<String, SealingKey> dataKeys = byId(keys(path.toString()));
        List<Sealed> sealed = new ArrayList<>();
        for (SealingKey accessKey : keys(application(reader))) {
            for (String id : used(items)) {
                SealingKey dataKey = dataKeys.get(id);
                if (dataKey == null) {
                    throw new IllegalStateException("Data key " + id + " of " + path + " is gone");
                }
                sealed.add(accessKey.sealKey(Release.dataKeyContext(path), dataKey));
            }
        }
        return sealed;
    }

    /**
     * Makes another data key, with which everything is sealed from now on.
     *
     * @return false if there never was one, and is none now
     */
    public boolean renewDataKey(NamespacePath path) {
        if (nodes.read(path.toString()).isEmpty()) {
            return false;
        }
        SealingKey master = masterKeys.current();
        nodes.change(path.toString(), keys -> {
            List<Sealed> more = new ArrayList<>(keys);
            more.addFirst(master.sealKey(context(path.toString()), SealingKey.random()));
            return more;
        });
        return true;
    }

    /**
     * Puts the keys of the same values under the newest data key. What was the same before is the same after it, in all items that
     * this is applied to.
     */
    public UnaryOperator<Items> sealingAnew(NamespacePath path) {
        List<SealingKey> keys = keys(path.toString());
        Map<String, SealingKey> byId = byId(keys);
        Map<Place, Secret> done = new HashMap<>();
        return items -> {
            SortedMap<String, Secret> anew = new TreeMap<>();
            items.secrets()
                    .forEach((key, secret) -> anew.put(
                            key,
                            done.computeIfAbsent(
                                    new Place(key, secret), place -> sealedAnew(path, place, byId, keys.getFirst()))));
            return new Items(items.values(), anew);
        };
    }

    private record Place(String key, Secret secret) {}

    private static Secret sealedAnew(NamespacePath path, Place place, Map<String, SealingKey> byId, SealingKey newest) {
        SealingKey old = byId.get(place.secret().dataKeyId());
        if (old == null) {
            throw new IllegalStateException("A data key of " + path + " is gone");
        }
        return opened(() -> place.secret().reseal(old, newest, path, place.key()));
    }

    /**
     * Drops data keys that nothing is sealed with any more, but never the two newest: a change that is under way may just
     * be sealing with the one before.
     */
    public void dropUnused(NamespacePath path, List<Items> everything) {
        Set<String> used =
                everything.stream().flatMap(items -> used(items).stream()).collect(Collectors.toSet());
        String context = context(path.toString());
        nodes.change(path.toString(), keys -> {
            List<Sealed> left = new ArrayList<>();
            for (Sealed key : keys) {
                if (left.size() < 2
                        || used.contains(masterKeys.open(context, key).id())) {
                    left.add(key);
                }
            }
            return left;
        });
    }

    /**
     * Which master keys seal how many keys.
     *
     * @param current id of the one that seals
     * @param sealedWith by a master key's id
     */
    public record MasterKeyUse(String current, SortedMap<String, Integer> sealedWith) {}

    public MasterKeyUse masterKeyUse() {
        SortedMap<String, Integer> sealedWith = new TreeMap<>();
        for (String path : nodes.paths()) {
            nodes.read(path).forEach(key -> sealedWith.merge(key.keyId(), 1, Integer::sum));
        }
        return new MasterKeyUse(masterKeys.current().id(), sealedWith);
    }

    /** Seals every key with the current master key; may be repeated, and goes on where it was interrupted. */
    public void rotateMasterKey() {
        SealingKey master = masterKeys.current();
        for (String path : nodes.paths()) {
            nodes.change(
                    path,
                    keys -> keys.stream()
                            .map(key -> key.keyId().equals(master.id())
                                    ? key
                                    : master.sealKey(context(path), masterKeys.open(context(path), key)))
                            .toList());
        }
    }

    /** Made if there is none. */
    private SealingKey newest(String path) {
        SealingKey master = masterKeys.current();
        List<Sealed> keys = nodes.read(path);
        if (keys.isEmpty()) {
            keys = nodes.change(
                    path,
                    there -> there.isEmpty() ? List.of(master.sealKey(context(path), SealingKey.random())) : there);
        }
        return masterKeys.open(context(path), keys.getFirst());
    }

    private List<SealingKey> keys(String path) {
        return nodes.read(path).stream()
                .map(key -> masterKeys.open(context(path), key))
                .toList();
    }

    private static Map<String, SealingKey> byId(List<SealingKey> keys) {
        Map<String, SealingKey> byId = new HashMap<>();
        keys.forEach(key -> byId.put(key.id(), key));
        return byId;
    }

    private static Set<String> used(Items items) {
        return items.secrets().values().stream().map(Secret::dataKeyId).collect(Collectors.toCollection(TreeSet::new));
    }

    /** No namespace is called so. */
    static String application(NamespacePath path) {
        return String.join("/", path.tenant(), path.application(), path.stage(), ".access");
    }

    static String context(String path) {
        return "keys of " + path;
    }

    @FunctionalInterface
    private interface Opening<T> {
        T open() throws CannotOpen;
    }

    private static <T> T opened(Opening<T> opening) {
        try {
            return opening.open();
        } catch (CannotOpen e) {
            throw new IllegalStateException("An encrypted item's key can't be opened: " + e.getMessage());
        }
    }
}
