package io.switchboard.access.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.1.0.0/8",
                "10.0.0",
                "10.0.0.0.",
                "010.0.0.1",
                "10.0.0.256",
                "localhost",
                "1234",
                "fd00::/129",
                "fd00::1/8",
                "fd00::/8;x",
                "fd00::%eth0",
                "::ffff:10.0.0.1",
                "FD00::/8",
                "10.0.0.0/8\n",
                "::::"
            })
    void whatIsNoNetworkIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Network(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.1.2.3", "0.0.0.0/0", "10.1.0.0/16", "::/0", "fd00::/8", "2001:db8::1", "255.255.255.255/32"})
    void whatIsWrittenAsUsualIsTaken(String text) {
        assertThat(new Network(text).text()).isEqualTo(text);
    }

    /** By the digits an address is found in the network exactly if its first bits are the network's. */
    @Test
    void theDigitsSayWhoIsInIt() throws UnknownHostException {
        var random = new Random(3);
        int in = 0;
        for (int round = 0; round < 20_000; round++) {
            int bytes = random.nextInt(3) == 0 ? 16 : 4;
            int length = random.nextInt(bytes * 8 + 1);
            var start = new BigInteger(bytes * 8, random)
                    .shiftRight(bytes * 8 - length)
                    .shiftLeft(bytes * 8 - length);
            var network =
                    new Network(InetAddress.getByAddress(array(start, bytes)).getHostAddress() + "/" + length);
            // Near it, so that about half are in it.
            var caller = start.xor(new BigInteger(bytes * 8 - length + random.nextInt(2), random))
                    .mod(BigInteger.ONE.shiftLeft(bytes * 8));

            var digits = HexFormat.of().withUpperCase().formatHex(array(caller, bytes));
            boolean found = network.hexPrefixes().stream().anyMatch(digits::startsWith);
            boolean inside = caller.shiftRight(bytes * 8 - length).equals(start.shiftRight(bytes * 8 - length));
            assertThat(found).as("%s in %s", digits, network.text()).isEqualTo(inside);
            in += inside ? 1 : 0;
        }
        assertThat(in).isBetween(5_000, 19_000);
    }

    private static byte[] array(BigInteger value, int bytes) {
        return HexFormat.of().parseHex(("%0" + 2 * bytes + "x").formatted(value));
    }
}
