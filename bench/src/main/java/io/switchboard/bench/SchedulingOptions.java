package io.switchboard.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@link SchedulingBench} is asked to measure.
 *
 * @param parts which of its claims
 * @param rate orders a second
 * @param seconds how long they are measured
 * @param warmup seconds of the same load before
 * @param nodes of the simulated fleet
 * @param tasks of the simulated fleet, a multiple of 5,000
 * @param marathonCalls where the Marathon driver's output is
 */
record SchedulingOptions(
        Set<String> parts, int rate, int seconds, int warmup, int nodes, int tasks, Optional<Path> marathonCalls) {

    static final String USAGE = """
            options of the scheduling benchmark:
              --only PARTS      some of control,docker,fleet,marathon, with commas between (all)
              --rate N          orders a second of control (100)
              --seconds N       how long they are measured (60)
              --warmup N        seconds of load before that (90)
              --nodes N         nodes of the fleet (10000)
              --tasks N         tasks of the fleet, a multiple of 5000 (1000000)
            """;

    private static final List<String> PARTS = List.of("control", "docker", "fleet", "marathon");

    SchedulingOptions {
        parts = Set.copyOf(parts);
        if (rate < 1 || seconds < 1 || nodes < 1) {
            throw new IllegalArgumentException("--rate, --seconds and --nodes must be at least 1\n" + USAGE);
        }
        if (tasks < 5_000 || tasks % 5_000 != 0) {
            throw new IllegalArgumentException("--tasks must be a multiple of 5000\n" + USAGE);
        }
    }

    boolean measures(String part) {
        return parts.contains(part);
    }

    static SchedulingOptions parse(String... arguments) {
        var rest = new Arguments(USAGE, arguments);
        var options = new SchedulingOptions(
                rest.parts(PARTS),
                rest.number("--rate", 100),
                rest.number("--seconds", 60),
                rest.number("--warmup", 90),
                rest.number("--nodes", 10_000),
                rest.number("--tasks", 1_000_000),
                rest.value("--marathon-calls").map(Path::of));
        rest.end();
        return options;
    }
}
