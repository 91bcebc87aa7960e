package io.switchboard.access.testing;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Names and numbers that are mostly what they should be, and otherwise hold what means something to somebody. */
public final class HostileText {

    private static final List<String> FRAGMENTS = List.of(
            "\n",
            "\r\n",
            "\0",
            "\t",
            " ",
            ";",
            "#",
            "\"",
            "'",
            "\\",
            "\\n",
            "\u2028",
            "\u0085",
            "\u00e9",
            "\ud800",
            "[",
            "]",
            "{",
            "}",
            "%",
            "..",
            "/",
            "*",
            ",",
            "a",
            "desk",
            "acme",
            ".",
            "-",
            "_",
            ":",
            "::1",
            "10.0.0.1",
            "0",
            "65536",
            "x".repeat(254));

    private static final List<Integer> NUMBERS = List.of(0, -1, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE);

    private final Random random;
    private final int harmless;
    private final List<String> fragments;

    /**
     * @param harmless of how many texts one is hostile
     * @param further what else means something
     */
    public HostileText(Random random, int harmless, List<String> further) {
        this.random = random;
        this.harmless = harmless;
        this.fragments = Stream.concat(FRAGMENTS.stream(), further.stream()).toList();
    }

    /** This, with something else somewhere in it, or only that. */
    public String text(String usual) {
        if (random.nextInt(harmless) > 0) {
            return usual;
        }
        var text = new StringBuilder(random.nextBoolean() ? usual : "");
        for (int more = 1 + random.nextInt(4); more > 0; more--) {
            text.insert(random.nextInt(text.length() + 1), fragments.get(random.nextInt(fragments.size())));
        }
        return text.toString();
    }

    /** A port, or what is none. */
    public int number() {
        return random.nextInt(10) > 0 ? 1 + random.nextInt(65_535) : NUMBERS.get(random.nextInt(NUMBERS.size()));
    }
}
