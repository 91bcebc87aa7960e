package io.switchboard.configprotocol;

import java.nio.charset.StandardCharsets;

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

    private static final String KIND = "switchboard-current/1 ";
    private static final int MOST_DIGITS = 18;
    private static final int HASH_DIGITS = 64;

    public Pointer {
        if (number < 0) {
            throw new IllegalArgumentException("number must be at least 0 but was " + number);
        }
    }

    public byte[] encode() {
        return (KIND + number + " " + hash).getBytes(StandardCharsets.US_ASCII);
    }

    // Without a pattern, which takes a client longer than anything else of a small release but its hash.
    public static Pointer decode(byte[] encoded) throws DamagedContent {
        var text = new String(encoded, StandardCharsets.US_ASCII);
        int begin = KIND.length();
        int end = text.length() - HASH_DIGITS - 1;
        boolean known = text.startsWith(KIND)
                && end > begin
                && end <= begin + MOST_DIGITS
                && text.charAt(end) == ' '
                && consistsOf("0123456789", text, begin, end)
                && consistsOf("0123456789abcdef", text, end + 1, text.length());
        if (!known) {
            throw new DamagedContent("the pointer to the current release is not in the format this client reads");
        }
        return new Pointer(Long.parseLong(text, begin, end, 10), text.substring(end + 1));
    }

    private static boolean consistsOf(String letters, String text, int from, int to) {
        for (int index = from; index < to; index++) {
            if (letters.indexOf(text.charAt(index)) < 0) {
                return false;
            }
        }
        return true;
    }
}
