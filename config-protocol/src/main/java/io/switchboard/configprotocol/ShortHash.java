package io.switchboard.configprotocol;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Tells texts apart without keeping them. */
public final class ShortHash {

    private static final int BYTES = 16;

    private ShortHash() {}

    /** The first 128 bits of the text's SHA-256, as 32 hex digits. */
    public static String of(String text) {
        return HexFormat.of().formatHex(Frame.sha256(text.getBytes(StandardCharsets.UTF_8)), 0, BYTES);
    }
}
