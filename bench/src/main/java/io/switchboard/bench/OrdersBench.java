package io.switchboard.bench;

import static io.switchboard.bench.Output.millis;
import static io.switchboard.bench.Output.say;

import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Claim: Switchboard accepts 1,000 durable OPEN orders a second for a minute on two cores, with the 99th percentile of
 * the answer within 50 ms, and at least half as many as the bare minimum per order allows: one commit and one durable
 * send, in the same run.
 *
 * <p>Everything runs on the one machine: database, broker, service-request, scheduler with an in-memory engine, and the
 * load. Orders are offered at a fixed rate; a latency counts from when the order was due. Then a crowd comes at once: what
 * is accepted a second then is held against the baseline, which has no pace either. The last line is JSON. Options:
 * see {@link OrdersOptions#USAGE}.
 */
public final class OrdersBench {

    private static final int TENANTS = 20;

    private OrdersBench() {}

    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help")) {
            System.out.print(OrdersOptions.USAGE);
            return;
        }
        var options = Arguments.orExit(() -> OrdersOptions.parse(args));
        var clock = Clock.systemUTC();
        var tokens = new Tokens(clock);
        boolean kept;
        try (var servers = Servers.start(options.databaseUrl());
                var platform = new Platform(servers, tokens)) {
            kept = run(options, clock, tokens, servers, platform);
        }
        // Threads of the embedded servers may linger.
        System.exit(kept ? 0 : 1);
    }

    /** Answers whether every order was accepted, and every accepted one kept. */
    private static boolean run(OrdersOptions options, Clock clock, Tokens tokens, Servers servers, Platform platform)
            throws Exception {
        int orders = options.rate() * (options.warmup() + options.seconds());
        int crowd = options.rate() * options.crowdSeconds();
        var engine = new WatchedEngine(clock, orders + crowd);
        int port = platform.startRequest();
        if (options.scheduler()) {
            platform.startScheduler(engine);
        }
        var load = new OrderLoad(port, tokens.ofTenants(TENANTS), options.connections());
        try (var balancer = new Balancer(servers.brokerUrl(), clock)) {
            say("warming up: %d orders/s for %d s", options.rate(), options.warmup());
            var warm = load.offer(options.rate(), options.warmup(), engine::due);
            if (options.scheduler()) {
                engine.awaitArrived(warm.accepted());
            }
            engine.reset();

            say(
                    "measuring: %d orders/s for %d s over %d connections",
                    options.rate(), options.seconds(), options.connections());
            var cpuBefore = CpuTime.now(servers.database());
            var measured = load.offer(options.rate(), options.seconds(), engine::due);
            long accepted = warm.accepted() + measured.accepted();
            double behind = options.scheduler() ? engine.awaitArrived(accepted) : 0;
            say(
                    "accepted       %,d in %.1f s, refused %d",
                    measured.accepted(), measured.seconds(), measured.refused());
            say("accept         %s", percentiles(measured.nanos()));
            if (options.scheduler()) {
                say("engine call    %s; the last one %.1f s after the last order", percentiles(engine.nanos()), behind);
            }
            say(
                    "cpu per order  %s",
                    CpuTime.now(servers.database()).since(cpuBefore).perOrder(measured.accepted()));
            double engineCallMillis = millis(engine.nanos(), 99);
            say("crowd: %,d orders at once over %d connections", crowd, options.connections());
            var crowded = load.offer(crowd, 1, engine::due);
            accepted += crowded.accepted();
            double caughtUp = options.scheduler() ? engine.awaitArrived(accepted) : 0;
            say(
                    "accepted       %,d in %.1f s (%.0f/s), refused %d; the last engine call %.1f s after",
                    crowded.accepted(), crowded.seconds(), crowded.perSecond(), crowded.refused(), caughtUp);
            long lost = accepted - stored(servers) + (options.scheduler() ? accepted - engine.arrived() : 0);
            say("orders lost    %,d of %,d accepted", lost, accepted);
            // The baseline has the machine to itself.
            balancer.close();
            platform.close();
            say("baseline: one commit and one durable send per order, %d threads", options.connections());
            double raw = RawWrites.perSecond(servers, options.connections(), options.rawSeconds());
            say("baseline       %.0f/s", raw);
            System.out.println(json(measured, engineCallMillis, crowded, raw));
            return lost == 0 && measured.refused() + crowded.refused() == 0;
        }
    }

    private static long stored(Servers servers) throws SQLException {
        try (var connection = servers.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from request.orders")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static String percentiles(Histogram nanos) {
        return Output.percentiles(
                nanos, "p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, most %.1f ms", 50, 90, 99, 99.9, 100);
    }

    private static String json(
            OrderLoad.Result measured, double engineCallMillis, OrderLoad.Result crowded, double raw) {
        return String.format(
                Locale.ROOT,
                "{\"bench\":\"orders\",\"ordersPerSecond\":%.0f,\"acceptP50Ms\":%.1f,\"acceptP99Ms\":%.1f,"
                        + "\"engineCallP99Ms\":%.1f,\"mostPerSecond\":%.0f,\"rawPerSecond\":%.0f,\"ratio\":%.2f}",
                measured.perSecond(),
                millis(measured.nanos(), 50),
                millis(measured.nanos(), 99),
                engineCallMillis,
                crowded.perSecond(),
                raw,
                crowded.perSecond() / raw);
    }
}
