package io.switchboard.configprotocol;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The keys and values of a draft or a release, ordered by key. Values never show up in {@link #toString}.
 *
 * @param values of the plain items, unmodifiable, by key
 * @param secrets of the encrypted items, unmodifiable, by key; no key is in both
 */
public record Items(SortedMap<String, String> values, SortedMap<String, Secret> secrets) {

    public static final Items NONE = new Items(new TreeMap<>(), new TreeMap<>());

    /** What a namespace may hold before it is compressed, in bytes: keys, values and eight bytes an item. */
    public static final int LARGEST_PLAIN = 4 * 1024 * 1024;

    private static final String KIND = "SBIT";
    private static final int VERSION = 1;

    public Items {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
        if (!Collections.disjoint(values.keySet(), secrets.keySet())) {
            throw new IllegalArgumentException("a key must be plain or encrypted, not both");
        }
    }

    public static Items of(Map<String, String> values) {
        return new Items(new TreeMap<>(values), new TreeMap<>());
    }

    /**
     * SHA-256 over keys and values in order, as 64 hex digits; equal for equal items, however they were compressed. With
     * encrypted items, over that of the plain ones and all that belongs to the others.
     */
    public String hash() {
        byte[] plain = Frame.sha256(plain());
        return HexFormat.of()
                .formatHex(
                        secrets.isEmpty()
                                ? plain
                                : Frame.sha256(Frame.bytes(out -> {
                                    out.write(plain);
                                    writeSecrets(out);
                                })));
    }

    /** Ordered. */
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>(values.keySet());
        keys.addAll(secrets.keySet());
        return keys;
    }

    /** Keys that were added, removed or have another value, ordered. */
    public Set<String> changedSince(Items before) {
        Set<String> keys = keys();
        keys.addAll(before.keys());
        keys.removeIf(key -> Objects.equals(values.get(key), before.values.get(key))
                && Objects.equals(secrets.get(key), before.secrets.get(key)));
        return keys;
    }

    /**
     * These items, compressed if that pays, to be read by {@link #decode}.
     *
     * @throws IllegalArgumentException if a key or value is no well-formed text, or all are larger than
     *     {@link #LARGEST_PLAIN}
     */
    public byte[] encode() {
        byte[] plain = plain();
        if (plain.length > LARGEST_PLAIN) {
            throw new IllegalArgumentException(
                    "items must have at most " + LARGEST_PLAIN + " bytes but have " + plain.length);
        }
        return Frame.write(KIND, VERSION, out -> {
            Frame.writePacked(out, plain);
            if (!secrets.isEmpty()) {
                writeSecrets(out);
            }
        });
    }

    public static Items decode(byte[] encoded) throws DamagedContent {
        return Frame.read(KIND, VERSION, encoded, in -> {
            var values = values(Frame.readPacked(in, LARGEST_PLAIN));
            return new Items(values, in.available() == 0 ? new TreeMap<>() : readSecrets(in));
        });
    }

    private void writeSecrets(DataOutputStream out) throws IOException {
        out.writeInt(secrets.size());
        for (Map.Entry<String, Secret> item : secrets.entrySet()) {
            Frame.writeText(out, item.getKey());
            item.getValue().write(out);
        }
    }

    private static SortedMap<String, Secret> readSecrets(DataInputStream in) throws IOException, DamagedContent {
        var secrets = new TreeMap<String, Secret>();
        for (int left = in.readInt(); left > 0; left--) {
            secrets.put(inOrder(Frame.readText(in), secrets), Secret.read(in));
        }
        return secrets;
    }

    private byte[] plain() {
        return Frame.bytes(out -> {
            for (Map.Entry<String, String> item : values.entrySet()) {
                Frame.writeText(out, item.getKey());
                Frame.writeText(out, item.getValue());
            }
        });
    }

    private static SortedMap<String, String> values(byte[] plain) throws IOException, DamagedContent {
        var values = new TreeMap<String, String>();
        try (var in = new DataInputStream(new ByteArrayInputStream(plain))) {
            while (in.available() > 0) {
                values.put(inOrder(Frame.readText(in), values), Frame.readText(in));
            }
        }
        return values;
    }

    private static String inOrder(String key, SortedMap<String, ?> before) throws DamagedContent {
        if (!before.isEmpty() && before.lastKey().compareTo(key) >= 0) {
            throw new DamagedContent("items are not in order");
        }
        return key;
    }

    @Override
    public String toString() {
        return "Items" + keys();
    }
}
