package io.switchboard.configprotocol;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The value of an encrypted item.
 *
 * @param value sealed with a data key of the item's namespace, for this item's key
 * @param setBy who gave it
 * @param setAt when, to the millisecond
 */
public record Secret(Sealed value, String setBy, Instant setAt) {

    public Secret {
        setAt = Instant.ofEpochMilli(setAt.toEpochMilli());
    }

    public static Secret seal(
            SealingKey dataKey, NamespacePath path, String key, String value, String setBy, Instant setAt) {
        return new Secret(dataKey.seal(context(path, key), value.getBytes(StandardCharsets.UTF_8)), setBy, setAt);
    }

    /** The value. */
    public String open(SealingKey dataKey, NamespacePath path, String key) throws CannotOpen {
        return new String(dataKey.open(context(path, key), value), StandardCharsets.UTF_8);
    }

    /** The same value under another data key; who set it and when stays. */
    public Secret reseal(SealingKey from, SealingKey to, NamespacePath path, String key) throws CannotOpen {
        return seal(to, path, key, open(from, path, key), setBy, setAt);
    }

    /** Whether it is the same act of the same user that gave it, and so the same value, under whichever data key. */
    boolean isSetWith(Secret other) {
        return setBy.equals(other.setBy) && setAt.equals(other.setAt);
    }

    private static String context(NamespacePath path, String key) {
        return "item\n" + path + "\n" + key;
    }

    void write(DataOutputStream out) throws IOException {
        value.write(out);
        Frame.writeText(out, setBy);
        out.writeLong(setAt.toEpochMilli());
    }

    static Secret read(ByteBuffer in) throws DamagedContent {
        return new Secret(Sealed.read(in), Frame.readText(in), Instant.ofEpochMilli(in.getLong()));
    }
}
