package io.switchboard.bench;

import java.util.List;
import java.util.Set;

/**
 * What {@link ConfigBench} is asked to measure.
 *
 * @param parts which of its claims
 * @param clients how many clients of {@code fanout} at a time, one size after the other
 * @param rounds releases measured per size of {@code fanout}
 * @param beanRounds releases measured for {@code bean}
 * @param seconds how long {@code releases} lasts
 * @param together releases of {@code atomicity}
 * @param kills processes that {@code kills} ends
 * @param seed of what {@code kills} chooses by
 */
record ConfigOptions(
        Set<String> parts,
        List<Integer> clients,
        int rounds,
        int beanRounds,
        int seconds,
        int together,
        int kills,
        int seed) {

    static final String USAGE = """
            options of the config benchmark:
              --only PARTS      some of bean,fanout,releases,atomicity,idle,kills, with commas between (all)
              --clients SIZES   clients of fanout, one size after the other (1,100,1000,5000)
              --rounds N        releases measured per size (20)
              --bean-rounds N   releases measured for bean (300)
              --seconds N       how long releases lasts (60)
              --together N      releases of atomicity (10000)
              --kills N         processes that kills ends (50)
              --seed N          of what it chooses by (1)
            """;

    private static final List<String> PARTS = List.of("bean", "fanout", "releases", "atomicity", "idle", "kills");

    ConfigOptions {
        parts = Set.copyOf(parts);
        clients = List.copyOf(clients);
        if (rounds < 1 || beanRounds < 1 || seconds < 1 || together < 1 || kills < 1 || clients.contains(0)) {
            throw new IllegalArgumentException("numbers must be at least 1\n" + USAGE);
        }
    }

    boolean measures(String part) {
        return parts.contains(part);
    }

    static ConfigOptions parse(String... arguments) {
        var rest = new Arguments(USAGE, arguments);
        var options = new ConfigOptions(
                rest.parts(PARTS),
                rest.numbers("--clients", 5, List.of(1, 100, 1_000, 5_000)),
                rest.number("--rounds", 20),
                rest.number("--bean-rounds", 300),
                rest.number("--seconds", 60),
                rest.number("--together", 10_000),
                rest.number("--kills", 50),
                rest.number("--seed", 1));
        rest.end();
        return options;
    }
}
