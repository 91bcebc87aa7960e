package io.switchboard.configprotocol;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The value of an encrypted item. It has a key of its own, so that another data key takes the place of the one before without
 * anybody opening the value.
 *
 * @param ownKey what the value is sealed with, sealed with a data key of the item's namespace; null where an earlier build sealed
 *     the value with the data key itself
 * @param value sealed for this item's key
 * @param setBy who gave it
 * @param setAt when, to the millisecond
 */
public record Secret(@Nullable Sealed ownKey, Sealed value, String setBy, Instant setAt) {

    /** Where an earlier build has the id of a data key: it finds none that is called so, and refuses the item. */
    private static final String HAS_OWN_KEY = "0000000000000000";

    public Secret {
        setAt = Instant.ofEpochMilli(setAt.toEpochMilli());
    }

    public static Secret seal(
            SealingKey dataKey, NamespacePath path, String key, String value, String setBy, Instant setAt) {
        SealingKey own = SealingKey.random();
        return new Secret(
                dataKey.sealKey(ownKeyContext(path, key), own),
                own.seal(context(path, key), value.getBytes(StandardCharsets.UTF_8)),
                setBy,
                setAt);
    }

    /** Of the data key that opens it. */
    public String dataKeyId() {
        return (ownKey == null ? value : ownKey).keyId();
    }

    /** The value. */
    public String open(SealingKey dataKey, NamespacePath path, String key) throws CannotOpen {
        return new String(own(dataKey, path, key).open(context(path, key), value), StandardCharsets.UTF_8);
    }

    /** Whether that is the value; found without opening it. */
    public boolean holds(SealingKey dataKey, NamespacePath path, String key, String other) throws CannotOpen {
        return own(dataKey, path, key).seals(context(path, key), other.getBytes(StandardCharsets.UTF_8), value);
    }

    /**
     * The same value under another data key; who set it and when stays, and so does the sealed value, byte for byte. Where an earlier
     * build sealed the value with the data key itself, that one becomes the value's own key.
     */
    public Secret reseal(SealingKey from, SealingKey to, NamespacePath path, String key) throws CannotOpen {
        return new Secret(to.sealKey(ownKeyContext(path, key), own(from, path, key)), value, setBy, setAt);
    }

    /** What the value is sealed with. */
    private SealingKey own(SealingKey dataKey, NamespacePath path, String key) throws CannotOpen {
        return ownKey == null ? dataKey : dataKey.openKey(ownKeyContext(path, key), ownKey);
    }

    /** Whether it is the same act of the same user that gave it, and so the same value, under whichever data key. */
    boolean isSetWith(Secret other) {
        return setBy.equals(other.setBy) && setAt.equals(other.setAt);
    }

    private static String context(NamespacePath path, String key) {
        return "item\n" + path + "\n" + key;
    }

    private static String ownKeyContext(NamespacePath path, String key) {
        return "item key\n" + path + "\n" + key;
    }

    void write(DataOutputStream out) throws IOException {
        stored().write(out);
        Frame.writeText(out, setBy);
        out.writeLong(setAt.toEpochMilli());
    }

    static Secret read(ByteBuffer in) throws DamagedContent {
        Sealed stored = Sealed.read(in);
        String setBy = Frame.readText(in);
        Instant setAt = Instant.ofEpochMilli(in.getLong());
        if (!stored.keyId().equals(HAS_OWN_KEY)) {
            return new Secret(null, stored, setBy, setAt);
        }
        ByteBuffer both = ByteBuffer.wrap(stored.content());
        var secret = new Secret(Sealed.read(both), Sealed.read(both), setBy, setAt);
        if (both.hasRemaining()) {
            throw new DamagedContent("an encrypted item has " + both.remaining() + " bytes too many");
        }
        return secret;
    }

    /** Both in the place of one, so that also builds before values had keys of their own read past it. */
    private Sealed stored() {
        if (ownKey == null) {
            return value;
        }
        return new Sealed(HAS_OWN_KEY, Frame.bytes(out -> {
            ownKey.write(out);
            value.write(out);
        }));
    }
}
