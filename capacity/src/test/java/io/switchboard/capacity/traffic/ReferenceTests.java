package io.switchboard.capacity.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every reference value, to the last digit it is printed with. */
class ReferenceTests {

    static Stream<String> published() throws IOException {
        return lines("published.txt");
    }

    static Stream<String> erlangC() throws IOException {
        return lines("erlang-c.txt");
    }

    static Stream<String> erlangA() throws IOException {
        return lines("erlang-a.txt");
    }

    @ParameterizedTest
    @MethodSource
    void published(String line) {
        var words = line.replaceAll(" \\[.*", "").split(" = ", -1);
        var what = words[0].split(" ", 2);
        double[] in = numbers(what[1]);

        double value = switch (what[0]) {
            case "B" -> ErlangB.blocking((int) in[0], in[1]);
            case "B-load" -> ErlangB.erlangs((int) in[0], in[1]);
            case "B-lines" -> ErlangB.lines(in[0], in[1]);
            case "B-retry" -> ErlangB.freshErlangs((int) in[0], in[1], in[2]);
            case "C" -> ErlangC.waiting((int) in[0], in[1]);
            default -> throw new IllegalArgumentException(what[0]);
        };

        assertPrinted(words[1], value);
    }

    @ParameterizedTest
    @MethodSource
    void erlangC(String line) {
        var sides = line.split(" = ", -1);
        double[] in = numbers(sides[0]);
        var out = sides[1].split(" ", -1);
        double erlangs = in[0] * in[1] / 3600;

        var queue = ErlangC.queue((int) in[2], erlangs, in[1]);

        assertPrinted(out[0], erlangs);
        assertPrinted(out[1], queue.waiting());
        assertPrinted(out[2], ErlangC.serviceLevel((int) in[2], erlangs, in[1], 20));
        assertPrinted(out[3], queue.meanWaitSeconds());
        assertPrinted(out[4], queue.occupancy());
    }

    @ParameterizedTest
    @MethodSource
    void erlangA(String line) {
        var sides = line.split(" = ", -1);
        double[] in = numbers(sides[0]);
        var out = sides[1].split(" ", -1);

        var system = new ErlangA((int) in[3], in[0] * in[1] / 3600, in[1], in[2]);

        assertPrinted(out[0], system.queue().waiting());
        assertPrinted(out[1], system.queue().abandoning());
        assertPrinted(out[2], system.queue().meanWaitSeconds());
        assertPrinted(out[3], system.queue().occupancy());
        // The printed service level was computed in 2,000 steps; twice the steps halve what they miss.
        double coarse = SteppedChain.serviceLevel(system, 20, 2_000);
        double fine = SteppedChain.serviceLevel(system, 20, 4_000);
        assertPrinted(out[4], coarse);
        assertThat(system.serviceLevel(20)).isCloseTo(2 * fine - coarse, within(2e-6));
    }

    private static void assertPrinted(String printed, double value) {
        int digits = printed.contains(".") ? printed.length() - printed.indexOf('.') - 1 : 0;
        assertThat(String.format(Locale.ROOT, "%." + digits + "f", value)).isEqualTo(printed);
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static Stream<String> lines(String name) throws IOException {
        try (InputStream in = ReferenceTests.class.getResourceAsStream("/erlang/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines().filter(line -> !line.startsWith("#")).toList().stream();
        }
    }
}
