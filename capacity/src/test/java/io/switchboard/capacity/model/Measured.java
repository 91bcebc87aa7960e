package io.switchboard.capacity.model;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** Samples for tests: measured seconds of a G.711 relay, and made ones whose truth is known. */
final class Measured {

    static final Kind RELAY = new Kind("voice-rtp", "G.711 relay");

    private Measured() {}

    static Samples relay() {
        return Objects.requireNonNull(file("relay").samples().get(RELAY));
    }

    static Samples relayBesideBusyNeighbours() {
        return Objects.requireNonNull(file("relay-busy").samples().get(RELAY));
    }

    static Samples relayWithTooLittleCpu() {
        return Objects.requireNonNull(file("relay-limited").samples().get(RELAY));
    }

    /** The lines of the relay's measurements, the header first. */
    static List<String> relayLines() {
        return lines("relay");
    }

    static SampleFile parse(List<String> lines) {
        try {
            return SampleFile.read(new StringReader(String.join("\n", lines) + "\n"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The relay's measurements with each row changed. */
    static SampleFile relay(UnaryOperator<List<String>> change) {
        var lines = lines("relay");
        var changed = new ArrayList<>(lines.subList(0, 1));
        changed.addAll(change.apply(lines.subList(1, lines.size())));
        return parse(changed);
    }

    /**
     * Seconds at given loads, forty of each: {@code cpu = fixed + perCall·calls}, with noise, and memory likewise.
     *
     * @param noise standard deviation over the mean
     */
    static List<String> made(RandomGenerator random, double fixed, double perCall, double noise, double... calls) {
        var lines = new ArrayList<String>();
        lines.add("timestamp,service,codec,run,phase,level,concurrent_calls,call_rate,cpu_cores_used,mem_bytes");
        int second = 1_700_000_000;
        for (int level = 0; level < calls.length; level++) {
            for (int row = 0; row < 40; row++) {
                double mean = fixed + perCall * calls[level];
                lines.add("%d,made,PCMU,r,steady,%d,%s,%s,%s,%s"
                        .formatted(
                                second++,
                                level,
                                calls[level],
                                calls[level] / 30,
                                mean * Math.max(0, 1 + noise * random.nextGaussian()),
                                2e7 + 1e5 * calls[level]));
            }
        }
        return lines;
    }

    private static SampleFile file(String name) {
        return parse(lines(name));
    }

    private static List<String> lines(String name) {
        try (var in = new InputStreamReader(
                Objects.requireNonNull(Measured.class.getResourceAsStream("/measured/" + name + ".csv")),
                StandardCharsets.UTF_8)) {
            return new BufferedReader(in).lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
