package io.switchboard.configprotocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The keys and values of a draft or a release, ordered by key. Values never show up in {@link #toString}.
 *
 * @param values unmodifiable, by key
 */
public record Items(SortedMap<String, String> values) {

    public static final Items NONE = new Items(new TreeMap<>());

    /** What a namespace may hold before it is compressed, in bytes: keys, values and eight bytes an item. */
    public static final int LARGEST_PLAIN = 4 * 1024 * 1024;

    /** Less than that is not compressed: unpacking would cost each client more than the bytes do. */
    private static final int SMALLEST_COMPRESSED = 4 * 1024;

    private static final String KIND = "SBIT";
    private static final int VERSION = 1;

    public Items {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    public static Items of(Map<String, String> values) {
        return new Items(new TreeMap<>(values));
    }

    /** SHA-256 over keys and values in order, as 64 hex digits; equal for equal items, however they were compressed. */
    public String hash() {
        return HexFormat.of().formatHex(Frame.sha256(plain()));
    }

    /** Keys that were added, removed or have another value, ordered. */
    public Set<String> changedSince(Items before) {
        Set<String> keys = new TreeSet<>(values.keySet());
        keys.addAll(before.values.keySet());
        keys.removeIf(key -> Objects.equals(values.get(key), before.values.get(key)));
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
            out.writeInt(plain.length);
            Frame.writeBytes(out, packed(plain));
        });
    }

    public static Items decode(byte[] encoded) throws DamagedContent {
        return Frame.read(KIND, VERSION, encoded, in -> {
            int length = in.readInt();
            if (length < 0 || length > LARGEST_PLAIN) {
                throw new DamagedContent("items of " + length + " bytes");
            }
            byte[] packed = Frame.readBytes(in);
            return ofPlain(packed.length == length ? packed : gunzip(packed, length));
        });
    }

    private byte[] plain() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            for (Map.Entry<String, String> item : values.entrySet()) {
                Frame.writeText(out, item.getKey());
                Frame.writeText(out, item.getValue());
            }
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a key or value is no well-formed text");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Items ofPlain(byte[] plain) throws IOException, DamagedContent {
        var values = new TreeMap<String, String>();
        try (var in = new DataInputStream(new ByteArrayInputStream(plain))) {
            while (in.available() > 0) {
                String key = Frame.readText(in);
                if (!values.isEmpty() && values.lastKey().compareTo(key) >= 0) {
                    throw new DamagedContent("items are not in order");
                }
                values.put(key, Frame.readText(in));
            }
        }
        return new Items(values);
    }

    /** As many bytes as before mean that they are the same. */
    private static byte[] packed(byte[] plain) throws IOException {
        if (plain.length < SMALLEST_COMPRESSED) {
            return plain;
        }
        byte[] compressed = gzip(plain);
        return compressed.length < plain.length ? compressed : plain;
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] gunzip(byte[] compressed, int length) throws IOException, DamagedContent {
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            byte[] plain = gzip.readNBytes(length);
            if (plain.length != length || gzip.read() != -1) {
                throw new DamagedContent("items do not unpack to the " + length + " bytes they promise");
            }
            return plain;
        }
    }

    @Override
    public String toString() {
        return "Items" + values.keySet();
    }
}
