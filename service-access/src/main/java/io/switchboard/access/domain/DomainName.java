package io.switchboard.access.domain;

import io.switchboard.access.route.Domain;
import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** How people write host names, and the one form in which DNS, callers and balancers know them. */
final class DomainName {

    private static final Pattern LABELS = Pattern.compile(
            "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+" // one word after the other
                    + "[a-z]([a-z0-9-]{0,61}[a-z0-9])?"); // the last one never looks like a part of an address

    private static final String MUST = "must be a host name as calls.example.com, of at most " + Domain.LONGEST_NAME
            + " letters, digits, dashes and dots, without wildcards";

    private DomainName() {}

    /**
     * The name in lower case and ASCII (Punycode, RFC 3492), without a dot at the end.
     *
     * @throws IllegalArgumentException if it is no host name of at least two labels, with a sentence to follow the field's name
     */
    static String of(String text) {
        var name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (name.isEmpty() || name.length() > Domain.LONGEST_NAME) {
            throw new IllegalArgumentException(MUST);
        }
        var ascii = ascii(name.toLowerCase(Locale.ROOT));
        if (ascii.length() > Domain.LONGEST_NAME || !LABELS.matcher(ascii).matches()) {
            throw new IllegalArgumentException(MUST);
        }
        return ascii;
    }

    /**
     * Letters that become others on the way, as full-width ones or the German sharp s, are refused: the standards of 2003 and 2008
     * (RFC 3490, RFC 5891) don't agree on what they are, and whoever claims one name must not get another.
     */
    private static String ascii(String name) {
        try {
            var ascii = IDN.toASCII(name, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
            boolean plain = name.chars().allMatch(character -> character < 128);
            if (plain || IDN.toUnicode(ascii).equals(Normalizer.normalize(name, Normalizer.Form.NFC))) {
                return ascii;
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(MUST, e);
        }
        throw new IllegalArgumentException(
                "must have no letters that become others in DNS; write it in ASCII (xn--...) as your DNS has it");
    }
}
