package io.switchboard.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@link OrdersBench} is asked to measure.
 *
 * @param rate orders offered per second, whether or not earlier ones were answered
 * @param seconds how long they are measured
 * @param warmup seconds of the same load before, which are not measured
 * @param connections keep-alive connections of the driver, and threads of the baseline
 * @param rawSeconds how long the baseline is measured
 * @param scheduler whether the scheduler runs beside, with an in-memory engine
 * @param databaseUrl a PostgreSQL server to use instead of an embedded one
 */
record OrdersOptions(
        int rate,
        int seconds,
        int warmup,
        int connections,
        int rawSeconds,
        boolean scheduler,
        Optional<String> databaseUrl) {

    static final String USAGE = """
            options of the orders benchmark:
              --rate N          orders offered per second (1000)
              --seconds N       how long they are measured (60)
              --warmup N        seconds of load before that (60)
              --connections N   connections of the driver, threads of the baseline (64)
              --raw-seconds N   how long the baseline is measured (15)
              --no-scheduler    without the scheduler beside
              --database URL    a JDBC URL, with user and password, of a PostgreSQL to use; its schemas 'request'
                                and 'scheduling' must be empty, and table raw_orders is dropped
            """;

    static OrdersOptions parse(String... arguments) {
        var rest = new ArrayList<>(List.of(arguments));
        boolean scheduler = !rest.remove("--no-scheduler");
        var options = new OrdersOptions(
                number(rest, "--rate", 1000),
                number(rest, "--seconds", 60),
                number(rest, "--warmup", 60),
                number(rest, "--connections", 64),
                number(rest, "--raw-seconds", 15),
                scheduler,
                value(rest, "--database"));
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("unknown option " + rest.getFirst() + "\n" + USAGE);
        }
        return options;
    }

    private static int number(List<String> rest, String name, int usual) {
        return value(rest, name)
                .map(text -> {
                    if (!text.matches("[0-9]{1,6}")) {
                        throw new IllegalArgumentException(name + " must be a number but was " + text);
                    }
                    return Integer.parseInt(text);
                })
                .orElse(usual);
    }

    private static Optional<String> value(List<String> rest, String name) {
        int index = rest.indexOf(name);
        if (index < 0) {
            return Optional.empty();
        }
        if (index + 1 == rest.size()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        rest.remove(index);
        return Optional.of(rest.remove(index));
    }
}
