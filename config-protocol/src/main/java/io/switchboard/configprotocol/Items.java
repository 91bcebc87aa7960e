package io.switchboard.configprotocol;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of a draft or a release, ordered by key. Values never show up in {@link #toString}. A record but for
 * the hash, which is made only once.
 */
public final class Items {

    public static final Items NONE = new Items(new TreeMap<>(), new TreeMap<>());

    /** What a namespace may hold before it is compressed, in bytes: keys, values and eight bytes an item. */
    public static final int LARGEST_PLAIN = 4 * 1024 * 1024;

    private static final String KIND = "SBIT";
    private static final int VERSION = 1;

    private final SortedMap<String, String> values;
    private final SortedMap<String, Secret> secrets;

    /** Once it was asked for. Threads may make it at the same time: it is the same. */
    private @Nullable String hash;

    /**
     * @param values of the plain items, by key
     * @param secrets of the encrypted items, by key; no key is in both
     */
    public Items(SortedMap<String, String> values, SortedMap<String, Secret> secrets) {
        this(new TreeMap<>(values), new TreeMap<>(secrets));
    }

    /** Of maps that are nobody else's. */
    private Items(TreeMap<String, String> values, TreeMap<String, Secret> secrets) {
        this.values = Collections.unmodifiableSortedMap(values);
        this.secrets = Collections.unmodifiableSortedMap(secrets);
        if (!Collections.disjoint(values.keySet(), secrets.keySet())) {
            throw new IllegalArgumentException("a key must be plain or encrypted, not both");
        }
    }

    public static Items of(Map<String, String> values) {
        return new Items(new TreeMap<>(values), new TreeMap<>());
    }

    /** Those of the plain items, by key; unmodifiable. */
    public SortedMap<String, String> values() {
        return values;
    }

    /** Those of the encrypted items, by key; unmodifiable. */
    public SortedMap<String, Secret> secrets() {
        return secrets;
    }

    /**
     * SHA-256 over keys and values in order, as 64 hex digits; equal for equal items, however they were compressed. With
     * encrypted items, over that of the plain ones and all that belongs to the others.
     */
    public String hash() {
        String known = hash;
        if (known == null) {
            known = hash(Frame.sha256(plain()));
            hash = known;
        }
        return known;
    }

    /** @param plain the hash of the plain items */
    private String hash(byte[] plain) {
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

    /** Keys that were added, removed or have another value, ordered. Sealed anew, an encrypted value is the same one. */
    public Set<String> changedSince(Items before) {
        Set<String> keys = keys();
        keys.addAll(before.keys());
        keys.removeIf(key -> Objects.equals(values.get(key), before.values.get(key))
                && isSame(secrets.get(key), before.secrets.get(key)));
        return keys;
    }

    private static boolean isSame(@Nullable Secret now, @Nullable Secret before) {
        return now == null || before == null ? now == before : now.isSetWith(before);
    }

    /**
     * Whether the plain ones have more than {@link #LARGEST_PLAIN}. No more than that is looked at: many keys may have one and the
     * same text, which would be written out for each.
     */
    public boolean isTooLarge() {
        long bytes = 0;
        for (Map.Entry<String, String> item : values.entrySet()) {
            bytes += 2L * Integer.BYTES + bytes(item.getKey()) + bytes(item.getValue());
            if (bytes > LARGEST_PLAIN) {
                return true;
            }
        }
        return false;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * These items, compressed if that pays, to be read by {@link #decode}.
     *
     * @throws IllegalArgumentException if a key or value is no well-formed text, or all are larger than
     *     {@link #LARGEST_PLAIN}
     */
    public byte[] encode() {
        if (isTooLarge()) {
            throw new IllegalArgumentException("items must have at most " + LARGEST_PLAIN + " bytes but have more");
        }
        byte[] plain = plain();
        return Frame.write(KIND, VERSION, out -> {
            Frame.writePacked(out, plain);
            if (!secrets.isEmpty()) {
                writeSecrets(out);
            }
        });
    }

    public static Items decode(byte[] encoded) throws DamagedContent {
        return Frame.read(KIND, VERSION, encoded, Items::readBody);
    }

    /** As {@link #decode}, from inside of what was held against its hash already. */
    static Items read(ByteBuffer encoded) throws DamagedContent {
        return Frame.readInner(KIND, VERSION, encoded, Items::readBody);
    }

    private static Items readBody(ByteBuffer in) throws DamagedContent {
        ByteBuffer plain = Frame.readPacked(in, LARGEST_PLAIN);
        // There is one way only to write items: what was read has the bytes that are hashed.
        byte[] hash = Frame.sha256(plain.duplicate());
        var items = new Items(values(plain), in.hasRemaining() ? readSecrets(in) : new TreeMap<>());
        items.hash = items.hash(hash);
        return items;
    }

    private void writeSecrets(DataOutputStream out) throws IOException {
        out.writeInt(secrets.size());
        for (Map.Entry<String, Secret> item : secrets.entrySet()) {
            Frame.writeText(out, item.getKey());
            item.getValue().write(out);
        }
    }

    private static TreeMap<String, Secret> readSecrets(ByteBuffer in) throws DamagedContent {
        var secrets = new TreeMap<String, Secret>();
        for (int left = in.getInt(); left > 0; left--) {
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

    private static TreeMap<String, String> values(ByteBuffer plain) throws DamagedContent {
        var values = new TreeMap<String, String>();
        while (plain.hasRemaining()) {
            values.put(inOrder(Frame.readText(plain), values), Frame.readText(plain));
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
    public boolean equals(@Nullable Object other) {
        return other instanceof Items that && values.equals(that.values) && secrets.equals(that.secrets);
    }

    @Override
    public int hashCode() {
        return Objects.hash(values, secrets);
    }

    @Override
    public String toString() {
        return "Items" + keys();
    }
}
