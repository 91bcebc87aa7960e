package io.switchboard.bench;

import static io.switchboard.bench.Output.median;
import static io.switchboard.bench.Output.say;

import io.switchboard.e2e.Api;
import io.switchboard.e2e.HeldCalls;
import io.switchboard.e2e.Installation;
import io.switchboard.e2e.Journey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Claim: what the platform measures of its own tasks is enough to say what they will use at a load they never had.
 *
 * <p>A whole installation runs a container of the sample call distributor under held calls, level by level. Its own
 * measurement takes the samples, its own learning fits them, and the model that comes out predicts other levels, which are
 * run afterwards. Beside it stands the rule of three from the busiest level. The last line is JSON.
 */
public final class ClosedLoopBench {

    static final String USAGE = """
            options of the closed-loop benchmark:
              --seconds N   how long each level of calls is held (40)
            """;

    private static final List<Integer> LEARNED = List.of(50, 100, 200, 300, 400);
    private static final List<Integer> HELD_OUT = List.of(150, 350);
    private static final int SETTLE_SECONDS = 8;
    private static final Duration WARM_UP = Duration.ofMinutes(1);
    /** Models count memory in megabytes. */
    private static final double MB_PER_MIB = 1.048576;

    private static final Duration SHORTEST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(8);
    private static final Duration ORDER = Duration.ofMinutes(2);
    private static final Duration LEARNING = Duration.ofMinutes(5);

    private final Api operator;
    private final Journey journey;
    private final String image;
    private final int seconds;

    private ClosedLoopBench(Installation started, String image, int seconds) throws Exception {
        this.operator = Api.operator(started);
        this.journey = Journey.of(started, "bench", "desk", line -> {});
        this.image = image;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help")) {
            System.out.print(USAGE);
            return;
        }
        int seconds = Arguments.orExit(() -> {
            var rest = new Arguments(USAGE, args);
            int asked = rest.number("--seconds", 40);
            rest.end();
            return asked;
        });
        if (!DockerInstallation.possible("closed loop")) {
            System.exit(1);
        }
        try (var docker = new DockerInstallation()) {
            var started = docker.start(Map.of(
                    "SCHEDULER_MEASUREMENT_EVERY", "1s",
                    "SCHEDULER_MEASUREMENT_WARMUP", WARM_UP.toSeconds() + "s",
                    "SCHEDULER_LEARNING_ENOUGH", "100",
                    "SCHEDULER_LEARNING_FITEVERY", "5s"));
            new ClosedLoopBench(started, docker.image(), seconds).run();
        }
        System.exit(0);
    }

    /** What a task used at a level, second by second. */
    private record Level(int calls, List<Double> cpuMillis, List<Double> memoryMib) {

        double cpu() {
            return median(cpuMillis);
        }
    }

    private void run() throws Exception {
        var order = journey.open(
                "basic", 60, Map.of("maxQueuedCalls", 1_000), UUID.randomUUID().toString());
        journey.awaitCompleted(UUID.fromString(order.path("id").asString()), ORDER);
        var instance = UUID.fromString(order.path("instanceId").asString());
        int port = journey.callsPort(instance);
        say("learned from %8s %12s %12s", "calls", "cpu millis", "memory MiB");
        var learned = new ArrayList<Level>();
        // A fresh program is slow: neither the platform nor this bench takes its first figures for those of a level.
        try (var load = new HeldCalls(port, LEARNED.getFirst(), SHORTEST, LONGEST)) {
            TimeUnit.SECONDS.sleep(WARM_UP.toSeconds());
        }
        for (int calls : LEARNED) {
            var level = held(instance, port, calls);
            say("             %8d %12.0f %12.0f", calls, level.cpu(), median(level.memoryMib()));
            learned.add(level);
        }
        var model = awaitModel(Instant.now());
        say("model %s: %s", model.path("model").path("version").asString(), form(model, "cpu"));

        say("held out     %8s %12s %12s %12s %12s", "calls", "cpu millis", "predicted", "bound", "rule of 3");
        var errors = new ArrayList<Double>();
        var rule = new ArrayList<Double>();
        var slacks = new ArrayList<Double>();
        int covered = 0;
        int memoryCovered = 0;
        int all = 0;
        var busiest = learned.getLast();
        for (int calls : HELD_OUT) {
            var level = held(instance, port, calls);
            var cpu = at(model, "cpu", calls);
            // Memory follows the most calls since the container began.
            var memory = at(model, "mem", busiest.calls());
            double predicted = 1_000 * cpu.mean();
            double byRule = busiest.cpu() * calls / busiest.calls();
            errors.add(100 * Math.abs(predicted / level.cpu() - 1));
            rule.add(100 * Math.abs(byRule / level.cpu() - 1));
            slacks.add(100 * (1_000 * cpu.reservation() / level.cpu() - 1));
            covered += (int) level.cpuMillis().stream()
                    .filter(used -> used <= 1_000 * cpu.reservation())
                    .count();
            memoryCovered += (int) level.memoryMib().stream()
                    .filter(used -> used * MB_PER_MIB <= memory.reservation())
                    .count();
            all += level.cpuMillis().size();
            say(
                    "             %8d %12.0f %12.0f %12.0f %12.0f",
                    calls, level.cpu(), predicted, 1_000 * cpu.reservation(), byRule);
        }
        System.out.println(String.format(
                Locale.ROOT,
                "{\"bench\":\"closed-loop\",\"cpuErrorPercent\":%.1f,\"ruleOfThreeErrorPercent\":%.1f,"
                        + "\"cpuCoverage\":%.3f,\"cpuSlackPercent\":%.1f,\"memoryCoverage\":%.3f,\"samples\":%d}",
                median(errors),
                median(rule),
                (double) covered / all,
                median(slacks),
                (double) memoryCovered / all,
                all));
    }

    /** Holds so many calls, and notes what the platform measures meanwhile. */
    private Level held(UUID instance, int port, int calls) throws Exception {
        var level = new Level(calls, new ArrayList<>(), new ArrayList<>());
        try (var load = new HeldCalls(port, calls, SHORTEST, LONGEST)) {
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            var seen = new HashSet<String>();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (System.nanoTime() < end) {
                var usage = journey.deployment(instance)
                        .expect(200)
                        .path("tasks")
                        .path(0)
                        .path("usage");
                if (!usage.isMissingNode() && seen.add(usage.path("at").asString())) {
                    level.cpuMillis().add(usage.path("cpuMillis").asDouble());
                    level.memoryMib().add(usage.path("memoryMib").asDouble());
                }
                TimeUnit.MILLISECONDS.sleep(500);
            }
            if (!load.failures().isEmpty()) {
                throw new IllegalStateException(load.failures().getFirst());
            }
        }
        return level;
    }

    /** The first version that was fitted since then, which is after all levels. */
    private JsonNode awaitModel(Instant since) throws Exception {
        long limit = System.nanoTime() + LEARNING.toNanos();
        while (System.nanoTime() < limit) {
            var newest = newest();
            if (newest.isPresent()
                    && Instant.parse(newest.get().path("createdAt").asString()).isAfter(since)) {
                return operator.get(
                                "scheduler",
                                "/api/v1/capacity/models/"
                                        + newest.get().path("version").asString())
                        .expect(200);
            }
            TimeUnit.SECONDS.sleep(1);
        }
        throw new IllegalStateException("no model was fitted within " + LEARNING);
    }

    private Optional<JsonNode> newest() throws IOException, InterruptedException {
        for (var model :
                operator.get("scheduler", "/api/v1/capacity/models?service=acd").expect(200)) {
            if (model.path("image").asString("").equals(image)) {
                return Optional.of(model);
            }
        }
        return Optional.empty();
    }

    private static String form(JsonNode model, String resource) {
        for (var one : model.path("model").path("resources")) {
            if (one.path("resource").asString().equals(resource)) {
                return one.path("form").asString() + " " + one.path("coefficients");
            }
        }
        return "-";
    }

    private record Point(double mean, double reservation) {}

    /** Between the points of the model's curve. */
    private static Point at(JsonNode model, String resource, int calls) {
        for (var fit : model.path("fits")) {
            if (fit.path("resource").asString().equals(resource)) {
                JsonNode below = fit.path("curve").path(0);
                for (var point : fit.path("curve")) {
                    double from = below.path("calls").asDouble();
                    double to = point.path("calls").asDouble();
                    if (to >= calls && to > from) {
                        double share = (calls - from) / (to - from);
                        return new Point(
                                between(below, point, "mean", share), between(below, point, "reservation", share));
                    }
                    below = point;
                }
            }
        }
        throw new IllegalStateException("the model says nothing of " + resource + " at " + calls + " calls");
    }

    private static double between(JsonNode below, JsonNode above, String figure, double share) {
        double from = below.path(figure).asDouble();
        return from + share * (above.path(figure).asDouble() - from);
    }
}
