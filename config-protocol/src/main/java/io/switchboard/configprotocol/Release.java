package io.switchboard.configprotocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * An unchangeable snapshot of a namespace. The encoded form is both the content of its ZooKeeper node and the file in
 * which a client keeps the last release that worked.
 *
 * @param path the namespace it belongs to
 * @param number counts the releases of a namespace, from 1
 * @param author who published it
 * @param message why, may be empty
 * @param at when, to the millisecond
 * @param restores the earlier release whose items these are again; empty if it is no rollback
 * @param dataKeys those that its encrypted items are sealed with, each sealed for an access key of the application
 * @param inherited whose values apply where it has none itself, the nearest first
 */
public record Release(
        NamespacePath path,
        long number,
        String author,
        String message,
        Instant at,
        Items items,
        OptionalLong restores,
        List<Sealed> dataKeys,
        List<Inherited> inherited) {

    private static final String KIND = "SBRL";
    private static final int VERSION = 1;

    /** Of a release that inherits; whoever knows only the first one refuses it, and says so. */
    private static final int INHERITING = 2;

    private static final long NONE = 0;

    public Release {
        if (number < 1) {
            throw new IllegalArgumentException("number must be at least 1 but was " + number);
        }
        at = Instant.ofEpochMilli(at.toEpochMilli());
        dataKeys = List.copyOf(dataKeys);
        inherited = List.copyOf(inherited);
    }

    /** Without anything inherited. */
    public Release(
            NamespacePath path,
            long number,
            String author,
            String message,
            Instant at,
            Items items,
            OptionalLong restores,
            List<Sealed> dataKeys) {
        this(path, number, author, message, at, items, restores, dataKeys, List.of());
    }

    /** Without encrypted items. */
    public Release(
            NamespacePath path,
            long number,
            String author,
            String message,
            Instant at,
            Items items,
            OptionalLong restores) {
        this(path, number, author, message, at, items, restores, List.of());
    }

    public byte[] encode() {
        return Frame.write(KIND, inherited.isEmpty() ? VERSION : INHERITING, out -> {
            Frame.writeText(out, path.toString());
            out.writeLong(number);
            Frame.writeText(out, author);
            Frame.writeText(out, message);
            out.writeLong(at.toEpochMilli());
            Frame.writeBytes(out, items.encode());
            if (!inherited.isEmpty()) {
                out.writeInt(inherited.size());
                for (Inherited one : inherited) {
                    one.write(out);
                }
            }
            if (restores.isPresent() || !dataKeys.isEmpty()) {
                out.writeLong(restores.orElse(NONE));
            }
            for (Sealed dataKey : dataKeys) {
                dataKey.write(out);
            }
        });
    }

    public static Release decode(byte[] encoded) throws DamagedContent {
        return decode(ByteBuffer.wrap(encoded), NamespacePath::parse);
    }

    private static Release decode(ByteBuffer encoded, Function<String, NamespacePath> paths) throws DamagedContent {
        boolean inherits = Frame.version(encoded) == INHERITING;
        return Frame.read(KIND, inherits ? INHERITING : VERSION, encoded, in -> {
            NamespacePath path = paths.apply(Frame.readText(in));
            long number = in.getLong();
            String author = Frame.readText(in);
            String message = Frame.readText(in);
            Instant at = Instant.ofEpochMilli(in.getLong());
            Items items = Items.read(Frame.readPart(in));
            List<Inherited> inherited = inherits ? inherited(in) : List.of();
            OptionalLong restores = in.hasRemaining() ? number(in.getLong()) : OptionalLong.empty();
            return new Release(path, number, author, message, at, items, restores, dataKeys(in), inherited);
        });
    }

    private static OptionalLong number(long stored) {
        return stored == NONE ? OptionalLong.empty() : OptionalLong.of(stored);
    }

    private static List<Inherited> inherited(ByteBuffer in) throws DamagedContent {
        List<Inherited> inherited = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            inherited.add(Inherited.read(in));
        }
        return inherited;
    }

    private static List<Sealed> dataKeys(ByteBuffer in) throws DamagedContent {
        List<Sealed> dataKeys = new ArrayList<>();
        while (in.hasRemaining()) {
            dataKeys.add(Sealed.read(in));
        }
        return dataKeys;
    }

    /** @throws DamagedContent also if it is not the release of this namespace that is pointed to */
    public static Release decode(byte[] encoded, NamespacePath path, Pointer pointer) throws DamagedContent {
        return decode(ByteBuffer.wrap(encoded), path, pointer);
    }

    static Release decode(ByteBuffer encoded, NamespacePath path, Pointer pointer) throws DamagedContent {
        String asked = path.toString();
        Release release = decode(encoded, found -> found.equals(asked) ? path : NamespacePath.parse(found));
        if (!release.path.equals(path) || !release.pointer().equals(pointer)) {
            throw new DamagedContent("release " + pointer.number() + " is not what the pointer announced");
        }
        return release;
    }

    /**
     * Keys and values as the application is to see them, ordered by key: plain and encrypted ones alike, its own before those
     * that it inherits.
     *
     * @param accessKey of the application; needed only for a release with encrypted items
     * @throws CannotOpen naming the item, if there is no such key or it is another one
     */
    public SortedMap<String, String> open(Optional<SealingKey> accessKey) throws CannotOpen {
        SortedMap<String, String> opened = new TreeMap<>();
        for (int index = inherited.size() - 1; index >= 0; index--) {
            Inherited one = inherited.get(index);
            // Which of its kinds an item is may differ between the two.
            one.items().keys().forEach(opened::remove);
            opened.putAll(open(one.path(), one.items(), one.dataKeys(), accessKey));
        }
        items.keys().forEach(opened::remove);
        opened.putAll(open(path, items, dataKeys, accessKey));
        opened.keySet().removeIf(Links::isOne);
        return opened;
    }

    /** The namespace and release that a key comes from; empty if it isn't there. */
    public Optional<Origin> origin(String key) {
        if (items.keys().contains(key)) {
            return Optional.of(new Origin(path, number));
        }
        return inherited.stream()
                .filter(one -> one.items().keys().contains(key))
                .findFirst()
                .map(one -> new Origin(one.path(), one.number()));
    }

    /** @param number of the release */
    public record Origin(NamespacePath path, long number) {}

    private static SortedMap<String, String> open(
            NamespacePath path, Items items, List<Sealed> dataKeys, Optional<SealingKey> accessKey) throws CannotOpen {
        var opened = new TreeMap<>(items.values());
        if (items.secrets().isEmpty()) {
            return opened;
        }
        Map<String, SealingKey> keys = keysFor(
                path,
                dataKeys,
                accessKey.orElseThrow(() ->
                        new CannotOpen("it has encrypted items, and this application was given no key to open them")));
        for (Map.Entry<String, Secret> item : items.secrets().entrySet()) {
            SealingKey key = keys.get(item.getValue().dataKeyId());
            if (key == null) {
                throw new CannotOpen("its encrypted item " + item.getKey()
                        + " can't be opened with the key that this application was given");
            }
            try {
                opened.put(item.getKey(), item.getValue().open(key, path, item.getKey()));
            } catch (CannotOpen e) {
                throw new CannotOpen("its encrypted item " + item.getKey() + " can't be opened: " + e.getMessage());
            }
        }
        return opened;
    }

    /** By their ids; those that are sealed for other access keys are left out. */
    private static Map<String, SealingKey> keysFor(NamespacePath path, List<Sealed> dataKeys, SealingKey accessKey)
            throws CannotOpen {
        Map<String, SealingKey> keys = new HashMap<>();
        for (Sealed sealed : dataKeys) {
            if (sealed.keyId().equals(accessKey.id())) {
                SealingKey key = accessKey.openKey(dataKeyContext(path), sealed);
                keys.put(key.id(), key);
            }
        }
        return keys;
    }

    /** What a data key of a namespace is sealed for the application with. */
    public static String dataKeyContext(NamespacePath path) {
        return "data key\n" + path;
    }

    /** What it inherits from that namespace. */
    public Optional<Inherited> inheritedFrom(NamespacePath parent) {
        return inherited.stream().filter(one -> one.path().equals(parent)).findFirst();
    }

    public Pointer pointer() {
        if (inherited.isEmpty()) {
            return new Pointer(number, items.hash());
        }
        var all = new StringBuilder(items.hash());
        inherited.forEach(one -> all.append('\n').append(one.line()));
        return new Pointer(
                number, HexFormat.of().formatHex(Frame.sha256(all.toString().getBytes(StandardCharsets.UTF_8))));
    }
}
