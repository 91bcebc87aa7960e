package io.switchboard.bench;

import static io.switchboard.bench.Output.say;
import static io.switchboard.bench.Output.sayMachine;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/**
 * Claims about the scheduler:
 *
 * <ol>
 *   <li>control: at 100 orders a second the engine is called within 25 ms of the order, at the 99th percentile;
 *   <li>docker: from an order to its first answer through the balancer takes at most 1.25 times as long as {@code docker
 *       run} of the same image to its first answer;
 *   <li>fleet: a million tasks on ten thousand nodes are declared, planned and stored within 120 s and 4 GiB, and the loss
 *       of a node is planned anew within 100 ms;
 *   <li>marathon: a thousand instances take at most 1.1 times the HTTP calls that the ideal plan needs.
 * </ol>
 *
 * <p>Everything runs on the one machine. The last line is JSON; what could not be measured is {@code null} there. Options:
 * see {@link SchedulingOptions#USAGE}.
 */
public final class SchedulingBench {

    private static final int TENANTS = 20;
    private static final int CONNECTIONS = 16;

    private SchedulingBench() {}

    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help")) {
            System.out.print(SchedulingOptions.USAGE);
            return;
        }
        var options = Arguments.orExit(() -> SchedulingOptions.parse(args));
        var clock = Clock.systemUTC();
        sayMachine();
        Optional<Fleet.Result> fleet = options.measures("fleet")
                ? Optional.of(Fleet.run(clock, options.nodes(), options.tasks()))
                : Optional.empty();
        var control = options.measures("control") ? OptionalDouble.of(control(options, clock)) : OptionalDouble.empty();
        var docker = options.measures("docker") ? DockerStart.ratio() : OptionalDouble.empty();
        var marathon = marathon(options);
        System.out.println(String.join(
                ",",
                "{\"bench\":\"scheduling\"",
                field("controlP99Ms", "%.1f", control),
                field("dockerRatio", "%.2f", docker),
                field("fleetSeconds", "%.1f", of(fleet.map(Fleet.Result::seconds))),
                field("fleetTasks", "%.0f", of(fleet.map(one -> (double) one.tasks()))),
                field("fleetMaxRssMiB", "%.0f", of(fleet.map(one -> (double) one.mostMib()))),
                field("replanMs", "%.0f", of(fleet.map(Fleet.Result::replanMillis))),
                field("marathonCallRatio", "%.3f", marathon) + "}"));
        // Threads of the embedded servers may linger.
        System.exit(0);
    }

    private static OptionalDouble of(Optional<Double> value) {
        return value.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    }

    private static String field(String name, String format, OptionalDouble value) {
        return "\"" + name + "\":"
                + (value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "null");
    }

    /** The 99th percentile, in milliseconds, from when an order was due to be sent until the engine was called for it. */
    private static double control(SchedulingOptions options, Clock clock) throws Exception {
        var tokens = new Tokens(clock);
        try (var servers = Servers.start(Optional.empty());
                var platform = new Platform(servers, tokens)) {
            int orders = options.rate() * (options.warmup() + options.seconds());
            var engine = new WatchedEngine(clock, orders);
            int port = platform.startRequest();
            platform.startScheduler(engine);
            var load = new OrderLoad(port, tokens.ofTenants(TENANTS), CONNECTIONS);
            try (var balancer = new Balancer(servers.brokerUrl(), clock)) {
                var warm = load.offer(options.rate(), options.warmup(), engine::due);
                engine.awaitArrived(warm.accepted());
                engine.reset();
                var measured = load.offer(options.rate(), options.seconds(), engine::due);
                engine.awaitArrived(warm.accepted() + measured.accepted());
                if (measured.refused() > 0 || engine.arrived() < warm.accepted() + measured.accepted()) {
                    throw new IllegalStateException("orders were refused or lost");
                }
                say("control     %d orders/s for %d s", options.rate(), options.seconds());
                say("accept      %s", percentiles(measured.nanos()));
                say("engine call %s", percentiles(engine.nanos()));
                return Output.millis(engine.nanos(), 99);
            }
        }
    }

    private static String percentiles(Histogram nanos) {
        return Output.percentiles(nanos, "p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, most %.1f ms", 50, 90, 99, 100);
    }

    /** What the driver in the Marathon engine's tests has printed, which ./switchboard runs before. */
    private static OptionalDouble marathon(SchedulingOptions options) throws IOException {
        if (!options.measures("marathon")) {
            return OptionalDouble.empty();
        }
        if (options.marathonCalls().isEmpty()) {
            say("marathon    not measured: there is no driver for it");
            return OptionalDouble.empty();
        }
        var lines = Files.readAllLines(options.marathonCalls().get());
        var last = lines.isEmpty() ? "" : lines.getLast();
        say("marathon    %s", last);
        var ratio = Pattern.compile("\"(?:marathonCallRatio|ratio)\"\\s*:\\s*([0-9.]+)")
                .matcher(last);
        return ratio.find() ? OptionalDouble.of(Double.parseDouble(ratio.group(1))) : OptionalDouble.empty();
    }
}
