package io.switchboard.bench;

import static io.switchboard.bench.Command.docker;
import static io.switchboard.bench.Output.median;
import static io.switchboard.bench.Output.say;

import io.switchboard.e2e.Journey;
import io.switchboard.ports.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long an OPEN order takes until the balancer answers for the new instance, beside {@code docker run} of the same image
 * with the same limits, but no configuration to read, until the container answers. Both in turn, on a whole installation
 * that is started for this.
 */
final class DockerStart implements AutoCloseable {

    private static final int PAIRS = 15;
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final long LOOK_AGAIN_MILLIS = 10;
    private static final int CONTAINER_PORT = 8080;
    private final JsonMapper json = JsonMapper.shared();
    private final DockerInstallation installation = new DockerInstallation();

    private DockerStart() throws IOException {}

    /** The ratio of the two medians; empty, and a line that says so, if no Docker daemon answers. */
    static OptionalDouble ratio() throws Exception {
        if (!DockerInstallation.possible("docker     ")) {
            return OptionalDouble.empty();
        }
        try (var bench = new DockerStart()) {
            return OptionalDouble.of(bench.measure());
        }
    }

    private double measure() throws Exception {
        var started = installation.start(Map.of());
        var ordered = new ArrayList<Double>();
        var ran = new ArrayList<Double>();
        // Each of the two starts while one idle container of the other runs.
        var before = "";
        for (int pair = 0; pair <= PAIRS; pair++) {
            var journey = Journey.of(started, "bench", "desk-" + pair, line -> {});
            // The key and the token are had before anybody orders.
            journey.api().token();
            long began = System.nanoTime();
            var order = journey.open(
                    "basic",
                    60,
                    Map.of("strategy", "round-robin"),
                    UUID.randomUUID().toString());
            await(() -> journey.call().status() == 200);
            double routed = seconds(began);
            journey.awaitCompleted(UUID.fromString(order.path("id").asString()), ANSWER);
            if (!before.isEmpty()) {
                docker("rm", "--force", before).orFail();
            }
            var copy = dockerRun();
            say("docker      %d of %d: order %.2f s, docker run %.2f s", pair, PAIRS, routed, copy.seconds());
            var end = journey.place(
                    Map.of(
                            "kind",
                            "DELETE",
                            "instanceId",
                            order.path("instanceId").asString()),
                    UUID.randomUUID().toString());
            journey.awaitCompleted(UUID.fromString(end.path("id").asString()), ANSWER);
            // The first of each fills caches, and has no other beside it.
            if (pair > 0) {
                ordered.add(routed);
                ran.add(copy.seconds());
            }
            before = copy.container();
        }
        docker("rm", "--force", before);
        say("docker      order to routed answer  %s", spread(ordered));
        say("docker      docker run to answer    %s", spread(ran));
        return median(ordered) / median(ran);
    }

    /** @param seconds until it answered */
    private record Copy(String container, double seconds) {}

    /** Runs a copy of the container that the order started. */
    private Copy dockerRun() throws Exception {
        var original = docker("ps", "--quiet", "--filter", "label=io.switchboard.platform=" + installation.platform())
                .orFail()
                .strip();
        var seen = json.readTree(docker("inspect", original).orFail()).path(0);
        int port = FreePorts.next();
        var command =
                new ArrayList<>(List.of("run", "--detach", "--publish", "127.0.0.1:" + port + ":" + CONTAINER_PORT));
        command.add("--memory=" + seen.path("HostConfig").path("Memory").asLong());
        command.add("--cpus=" + cpus(seen.path("HostConfig")));
        for (var variable : seen.path("Config").path("Env")) {
            // It reads no configuration, which only makes it faster: nobody gave this container access.
            if (!variable.asString().startsWith("SWITCHBOARD_CONFIG_")) {
                command.addAll(List.of("--env", variable.asString()));
            }
        }
        command.add(installation.image());
        long began = System.nanoTime();
        var container = docker(command.toArray(String[]::new)).orFail().strip();
        await(() -> answers(port));
        return new Copy(container, seconds(began));
    }

    private static String cpus(JsonNode limits) {
        long nano = limits.path("NanoCpus").asLong();
        long quota = limits.path("CpuQuota").asLong();
        long period = limits.path("CpuPeriod").asLong();
        double cpus = nano > 0 ? nano / 1e9 : quota > 0 ? (double) quota / period : 0;
        return String.format(Locale.ROOT, "%.3f", cpus);
    }

    private static boolean answers(int port) throws IOException {
        var connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
        connection.setConnectTimeout(1_000);
        connection.setReadTimeout(5_000);
        try {
            return connection.getResponseCode() == 200;
        } finally {
            connection.disconnect();
        }
    }

    @Override
    public void close() throws Exception {
        installation.close();
    }

    // --- waiting

    private interface Question {
        boolean ask() throws Exception;
    }

    /** Until the answer is yes; whoever listens not yet is asked again. */
    private static void await(Question question) throws Exception {
        long limit = System.nanoTime() + ANSWER.toNanos();
        while (!asked(question)) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("no answer within " + ANSWER);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private static boolean asked(Question question) throws Exception {
        try {
            return question.ask();
        } catch (IOException | UncheckedIOException | ArrayIndexOutOfBoundsException e) {
            return false;
        }
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static String spread(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "median %.2f s of %d, least %.2f s, most %.2f s",
                median(values),
                values.size(),
                sorted.getFirst(),
                sorted.getLast());
    }
}
