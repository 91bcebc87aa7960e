package io.switchboard.bench;

import java.util.List;
import java.util.Set;

/**
 * What {@link AccessBench} is asked to measure.
 *
 * @param parts which of its claims
 * @param sizes with how many services a change is timed, each at least 1
 * @param changes how many endpoints come and go at each size, through the agent
 * @param reloads the same through the baseline
 * @param churn membership changes while requests and connections go on
 * @param most services of the last size, where only the agent is measured
 * @param orders of kills that are tried; there are 24
 */
record AccessOptions(
        Set<String> parts, List<Integer> sizes, int changes, int reloads, int churn, int most, int orders) {

    static final String USAGE = """
            options of the access benchmark:
              --only PARTS      some of change,churn,flat,flap,lag,restarts, with commas between (all)
              --sizes N,N       services at which a change is timed (1,50,500)
              --changes N       endpoints that come and go at each size (200)
              --reloads N       the same by render and reload, the baseline (30)
              --churn N         membership changes under traffic (1000)
              --most N          services of the part flat (5000)
              --orders N        orders of kills that restarts tries (24, which are all)
            """;

    private static final int ALL_ORDERS = 24;
    private static final List<String> PARTS = List.of("change", "churn", "flat", "flap", "lag", "restarts");

    AccessOptions {
        parts = Set.copyOf(parts);
        sizes = List.copyOf(sizes);
        if (sizes.stream().anyMatch(size -> size < 1)
                || changes < 1
                || reloads < 1
                || churn < 1
                || most < 1
                || orders < 1) {
            throw new IllegalArgumentException("all numbers must be at least 1\n" + USAGE);
        }
        if (sizes.stream().anyMatch(size -> size > AccessService.MOST) || most > AccessService.MOST) {
            throw new IllegalArgumentException("there can be at most " + AccessService.MOST + " services\n" + USAGE);
        }
    }

    boolean measures(String part) {
        return parts.contains(part);
    }

    static AccessOptions parse(String... arguments) {
        var rest = new Arguments(USAGE, arguments);
        var options = new AccessOptions(
                rest.parts(PARTS),
                rest.numbers("--sizes", 6, List.of(1, 50, 500)),
                rest.number("--changes", 200),
                rest.number("--reloads", 30),
                rest.number("--churn", 1_000),
                rest.number("--most", 5_000),
                rest.number("--orders", ALL_ORDERS));
        rest.end();
        return options;
    }
}
