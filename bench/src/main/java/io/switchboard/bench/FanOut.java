package io.switchboard.bench;

import static io.switchboard.bench.Output.say;

import io.switchboard.configclient.delivery.Coordinates;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.apache.curator.framework.CuratorFramework;

/** How long a release of 1 KiB takes to the slowest of many clients, and a bare write to as many bare watches. */
final class FanOut {

    private static final int BYTES = 1024;
    private static final int WARMUP = 5;

    /** One client is quick, and needs more rounds to tell its median from chance. */
    private static final int MORE_WITH_ONE = 5;

    private static final String NAMESPACE = "application";

    /** Clients write caches and reports within two seconds after a release; the next one comes when they have. */
    private static final long SETTLED_MILLIS = 2_500;

    private final String zookeeper;
    private final ConfigCenter center;
    private final Path caches;
    private final int rounds;
    private final Random random = new Random(1);

    FanOut(String zookeeper, ConfigCenter center, Path caches, int rounds) {
        this.zookeeper = zookeeper;
        this.center = center;
        this.caches = caches;
        this.rounds = rounds;
    }

    /**
     * Medians in milliseconds.
     *
     * @param ours of the product
     * @param raw of the baseline
     */
    record Result(double ours, double raw) {

        double ratio() {
            return ours / raw;
        }
    }

    @FunctionalInterface
    private interface Publish {
        void now(long number) throws Exception;
    }

    Result measure(int clients) throws Exception {
        double raw = raw(clients);
        double ours = ours(clients);
        return new Result(ours, raw);
    }

    private double raw(int clients) throws Exception {
        var arrivals = new Arrivals(clients);
        List<AutoCloseable> watches = new ArrayList<>();
        try (CuratorFramework publisher = RawWatch.connect(zookeeper)) {
            if (publisher.checkExists().forPath(RawWatch.NODE) == null) {
                publisher.create().forPath(RawWatch.NODE, value(0));
            }
            publisher.setData().forPath(RawWatch.NODE, value(0));
            var before = Footprint.now();
            for (int client = 0; client < clients; client++) {
                watches.add(new RawWatch(zookeeper, arrivals.new Client()));
            }
            say(
                    "  raw       %d clients: %s",
                    clients, Footprint.now().since(before).per(clients));
            return median(
                    clients, "raw", arrivals, 0, number -> publisher.setData().forPath(RawWatch.NODE, value(number)));
        } finally {
            closeAll(watches);
        }
    }

    private double ours(int clients) throws Exception {
        var arrivals = new Arrivals(clients);
        List<AutoCloseable> followers = new ArrayList<>();
        String application = "fan-out-" + clients;
        Coordinates coordinates = center.awaitCoordinates(application, zookeeper, "client", caches);
        try {
            var before = Footprint.now();
            for (int client = 0; client < clients; client++) {
                var eyes = arrivals.new Client();
                followers.add(new FollowingClient(
                        named(coordinates, client, caches),
                        List.of(NAMESPACE),
                        releases -> eyes.has(releases.getFirst().number())));
            }
            arrivals.expect(1);
            publish(application, edit(application));
            arrivals.awaitAll(0);
            Pause.millis(SETTLED_MILLIS);
            say(
                    "  product   %d clients: %s",
                    clients, Footprint.now().since(before).per(clients));
            long[] revision = {0};
            return median(
                    clients,
                    "product",
                    arrivals,
                    1,
                    number -> publish(application, revision[0]),
                    () -> revision[0] = edit(application));
        } finally {
            closeAll(followers);
        }
    }

    private long edit(String application) throws ConfigCenter.Failed {
        byte[] bytes = new byte[BYTES * 3 / 4];
        random.nextBytes(bytes);
        return center.edit(
                application, NAMESPACE, Map.of("value", Base64.getEncoder().encodeToString(bytes)));
    }

    private void publish(String application, long revision) throws ConfigCenter.Failed {
        center.publish(application, NAMESPACE, revision);
    }

    /** One of many clients that would else be taken for one. */
    static Coordinates named(Coordinates one, int client, Path caches) {
        return new Coordinates(
                one.zookeeper(),
                one.tenant(),
                one.application(),
                one.stage(),
                one.user(),
                one.secret(),
                one.accessKey(),
                "client-" + client,
                Map.of(),
                caches.resolve(String.valueOf(client)),
                one.startupTimeout(),
                one.sessionTimeout());
    }

    private byte[] value(long number) {
        byte[] value = new byte[BYTES];
        random.nextBytes(value);
        ByteBuffer.wrap(value).putLong(number);
        return value;
    }

    private double median(int clients, String what, Arrivals arrivals, long number, Publish publish) throws Exception {
        return median(clients, what, arrivals, number, publish, () -> {});
    }

    @FunctionalInterface
    private interface Preparation {
        void prepare() throws Exception;
    }

    private double median(
            int clients, String what, Arrivals arrivals, long before, Publish publish, Preparation preparation)
            throws Exception {
        var slowest = new Histogram(3);
        int more = clients == 1 ? MORE_WITH_ONE : 1;
        for (int round = 1; round <= more * (WARMUP + rounds); round++) {
            preparation.prepare();
            arrivals.expect(before + round);
            long since = System.nanoTime();
            publish.now(before + round);
            long nanos = arrivals.awaitAll(since);
            if (round > more * WARMUP) {
                slowest.recordValue(nanos);
            }
            Pause.millis(clients == 1 ? SETTLED_MILLIS / 10 : SETTLED_MILLIS);
        }
        say(
                "  %-9s slowest of %d: %s",
                what, clients, Output.percentiles(slowest, "p50 %.1f ms, p90 %.1f ms, most %.1f ms", 50, 90, 100));
        return Output.millis(slowest, 50);
    }

    static void closeAll(List<AutoCloseable> clients) throws InterruptedException {
        // One after the other they would take minutes.
        try (var threads = java.util.concurrent.Executors.newFixedThreadPool(32)) {
            for (AutoCloseable client : clients) {
                threads.submit(() -> {
                    client.close();
                    return client;
                });
            }
        }
    }
}
