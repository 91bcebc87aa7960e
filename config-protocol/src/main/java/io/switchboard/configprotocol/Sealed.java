package io.switchboard.configprotocol;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Something that only {@link SealingKey#open} makes readable.
 *
 * @param keyId of the key it was sealed with: 16 hex digits
 * @param content nonce, then ciphertext with its tag
 */
public record Sealed(String keyId, byte[] content) {

    private static final int KEY_ID_BYTES = 8;

    public Sealed {
        if (!keyId.matches("[0-9a-f]{" + 2 * KEY_ID_BYTES + "}")) {
            throw new IllegalArgumentException("keyId must be " + 2 * KEY_ID_BYTES + " hex digits");
        }
        content = content.clone();
    }

    @Override
    public byte[] content() {
        return content.clone();
    }

    void write(DataOutputStream out) throws IOException {
        out.write(HexFormat.of().parseHex(keyId));
        Frame.writeBytes(out, content);
    }

    static Sealed read(ByteBuffer in) throws DamagedContent {
        byte[] keyId = new byte[KEY_ID_BYTES];
        in.get(keyId);
        return new Sealed(HexFormat.of().formatHex(keyId), Frame.readBytes(in));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Sealed that && keyId.equals(that.keyId) && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return "Sealed[with " + keyId + "]";
    }
}
