package io.switchboard.access.route;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Callers' addresses that start alike, written {@code 10.1.0.0/16} or {@code fd00::/8}; one address without a length.
 *
 * @param text as above; what the length leaves open is 0 in it
 */
public record Network(String text) {

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f:]*:[0-9a-f:]*(:[0-9.]{7,15})?");

    /** @throws IllegalArgumentException if it isn't written as above */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Network {
        var bytes = bytes(text);
        int length = length(text, bytes);
        var rest = BigInteger.ONE.shiftLeft(bytes.length * 8 - length).subtract(BigInteger.ONE);
        if (new BigInteger(1, bytes).and(rest).signum() != 0) {
            throw new IllegalArgumentException("must have no bits set beyond its length, as 10.1.0.0/16 or fd00::/8");
        }
    }

    @JsonValue
    @Override
    public String text() {
        return text;
    }

    /** Whether it is of IPv4. */
    public boolean ipv4() {
        return bytes(text).length == 4;
    }

    /** How many bits of an address it fixes. */
    public int length() {
        return length(text, bytes(text));
    }

    /**
     * What addresses in it start with, as hexadecimal digits in upper case: one text, or up to eight where the length isn't a
     * whole number of digits; none of them begins with another.
     */
    public List<String> hexPrefixes() {
        var bytes = bytes(text);
        int length = length(text, bytes);
        var digits = HexFormat.of().withUpperCase().formatHex(bytes);
        if (length % 4 == 0) {
            return List.of(digits.substring(0, length / 4));
        }
        int first = Character.digit(digits.charAt(length / 4), 16);
        return IntStream.range(first, first + (1 << (4 - length % 4)))
                .mapToObj(digit -> digits.substring(0, length / 4)
                        + HexFormat.of().withUpperCase().toHexDigits(digit, 1))
                .toList();
    }

    private static byte[] bytes(String text) {
        var address = text.split("/", 2)[0];
        if (IPV4.matcher(address).matches()
                || text.length() <= 49 && IPV6.matcher(address).matches()) {
            try {
                // Never a name, so nobody is asked.
                var bytes = InetAddress.getByName(address).getAddress();
                // Of an IPv4 address in the form of IPv6 it makes four bytes.
                if (bytes.length == (address.contains(":") ? 16 : 4)) {
                    return bytes;
                }
            } catch (UnknownHostException e) {
                // Refused below.
            }
        }
        throw new IllegalArgumentException("must be addresses as 10.1.0.0/16, 10.1.2.3 or fd00::/8");
    }

    private static int length(String text, byte[] bytes) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return bytes.length * 8;
        }
        var length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > bytes.length * 8) {
            throw new IllegalArgumentException("must have a length of 0 to " + bytes.length * 8 + " after the slash");
        }
        return Integer.parseInt(length);
    }
}
