package io.switchboard.configprotocol;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which release is in effect. On the wire one line of text, {@code switchboard-current/1 <number> <hash>}, so that it
 * can be read with any ZooKeeper client.
 *
 * @param number of the release; 0 while nothing was published
 * @param hash of its items, see {@link Items#hash}, and of what it inherits
 */
public record Pointer(long number, String hash) {

    /** Points to nothing: the namespace exists and has no release yet. */
    public static final Pointer NOTHING = new Pointer(0, Items.NONE.hash());

    private static final Pattern TEXT = Pattern.compile("switchboard-current/1 ([0-9]{1,18}) ([0-9a-f]{64})");

    public Pointer {
        if (number < 0) {
            throw new IllegalArgumentException("number must be at least 0 but was " + number);
        }
    }

    public byte[] encode() {
        return ("switchboard-current/1 " + number + " " + hash).getBytes(StandardCharsets.US_ASCII);
    }

    public static Pointer decode(byte[] encoded) throws DamagedContent {
        Matcher text = TEXT.matcher(new String(encoded, StandardCharsets.US_ASCII));
        if (!text.matches()) {
            throw new DamagedContent("the pointer to the current release is not in the format this client reads");
        }
        return new Pointer(Long.parseLong(text.group(1)), text.group(2));
    }
}
