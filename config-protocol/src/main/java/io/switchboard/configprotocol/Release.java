package io.switchboard.configprotocol;

import java.io.DataInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

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
 */
public record Release(
        NamespacePath path,
        long number,
        String author,
        String message,
        Instant at,
        Items items,
        OptionalLong restores,
        List<Sealed> dataKeys) {

    private static final String KIND = "SBRL";
    private static final int VERSION = 1;
    private static final long NONE = 0;

    public Release {
        if (number < 1) {
            throw new IllegalArgumentException("number must be at least 1 but was " + number);
        }
        at = Instant.ofEpochMilli(at.toEpochMilli());
        dataKeys = List.copyOf(dataKeys);
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
        return Frame.write(KIND, VERSION, out -> {
            Frame.writeText(out, path.toString());
            out.writeLong(number);
            Frame.writeText(out, author);
            Frame.writeText(out, message);
            out.writeLong(at.toEpochMilli());
            Frame.writeBytes(out, items.encode());
            if (restores.isPresent() || !dataKeys.isEmpty()) {
                out.writeLong(restores.orElse(NONE));
            }
            for (Sealed dataKey : dataKeys) {
                dataKey.write(out);
            }
        });
    }

    public static Release decode(byte[] encoded) throws DamagedContent {
        return Frame.read(
                KIND,
                VERSION,
                encoded,
                in -> new Release(
                        NamespacePath.parse(Frame.readText(in)),
                        in.readLong(),
                        Frame.readText(in),
                        Frame.readText(in),
                        Instant.ofEpochMilli(in.readLong()),
                        Items.decode(Frame.readBytes(in)),
                        in.available() == 0 ? OptionalLong.empty() : number(in.readLong()),
                        dataKeys(in)));
    }

    private static OptionalLong number(long stored) {
        return stored == NONE ? OptionalLong.empty() : OptionalLong.of(stored);
    }

    private static List<Sealed> dataKeys(DataInputStream in) throws IOException, DamagedContent {
        List<Sealed> dataKeys = new ArrayList<>();
        while (in.available() > 0) {
            dataKeys.add(Sealed.read(in));
        }
        return dataKeys;
    }

    /** @throws DamagedContent also if it is not the release of this namespace that is pointed to */
    public static Release decode(byte[] encoded, NamespacePath path, Pointer pointer) throws DamagedContent {
        Release release = decode(encoded);
        if (!release.path.equals(path) || !release.pointer().equals(pointer)) {
            throw new DamagedContent("release " + pointer.number() + " is not what the pointer announced");
        }
        return release;
    }

    /**
     * Keys and values as the application is to see them, ordered by key: plain and encrypted ones alike.
     *
     * @param accessKey of the application; needed only for a release with encrypted items
     * @throws CannotOpen naming the item, if there is no such key or it is another one
     */
    public SortedMap<String, String> open(Optional<SealingKey> accessKey) throws CannotOpen {
        var opened = new TreeMap<>(items.values());
        if (items.secrets().isEmpty()) {
            return opened;
        }
        Map<String, SealingKey> keys = keysFor(accessKey.orElseThrow(
                () -> new CannotOpen("it has encrypted items, and this application was given no key to open them")));
        for (Map.Entry<String, Secret> item : items.secrets().entrySet()) {
            SealingKey key = keys.get(item.getValue().value().keyId());
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
    private Map<String, SealingKey> keysFor(SealingKey accessKey) throws CannotOpen {
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

    public Pointer pointer() {
        return new Pointer(number, items.hash());
    }
}
