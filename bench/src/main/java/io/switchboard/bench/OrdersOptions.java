package io.switchboard.bench;

import java.util.Optional;

/**
 * What {@link OrdersBench} is asked to measure.
 *
 * @param rate orders offered per second, whether or not earlier ones were answered
 * @param seconds how long they are measured
 * @param warmup seconds of the same load before, which are not measured
 * @param crowdSeconds seconds' worth of orders that come at once at the end
 * @param connections keep-alive connections of the driver, and threads of the baseline
 * @param rawSeconds how long the baseline is measured
 * @param scheduler whether the scheduler runs beside, with an in-memory engine
 * @param databaseUrl a PostgreSQL server to use instead of an embedded one
 */
record OrdersOptions(
        int rate,
        int seconds,
        int warmup,
        int crowdSeconds,
        int connections,
        int rawSeconds,
        boolean scheduler,
        Optional<String> databaseUrl) {

    static final String USAGE = """
            options of the orders benchmark:
              --rate N          orders offered per second (1000)
              --seconds N       how long they are measured (60)
              --warmup N        seconds of load before that (60)
              --crowd-seconds N seconds' worth of orders that come at once at the end (30)
              --connections N   connections of the driver, threads of the baseline (64)
              --raw-seconds N   how long the baseline is measured (15)
              --no-scheduler    without the scheduler beside
              --database URL    a JDBC URL, with user and password, of a PostgreSQL to use; its schemas 'request'
                                and 'scheduling' must be empty, and table raw_orders is dropped
            """;

    static OrdersOptions parse(String... arguments) {
        var rest = new Arguments(USAGE, arguments);
        var options = new OrdersOptions(
                rest.number("--rate", 1000),
                rest.number("--seconds", 60),
                rest.number("--warmup", 60),
                rest.number("--crowd-seconds", 30),
                rest.number("--connections", 64),
                rest.number("--raw-seconds", 15),
                !rest.flag("--no-scheduler"),
                rest.value("--database"));
        rest.end();
        return options;
    }
}
