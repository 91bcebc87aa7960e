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

/**
 * How long a release of 1 KiB takes to the slowest of many clients, and a bare write to as many bare watches. Center, clients and
 * watches are warmed up before: fresh ones take two to three times as long.
 */
final class FanOut {

    private static final int BYTES = 1024;

    /** Before any size, to one client and one after the other, until that is settled. */
    private static final int COLD_WINDOW = 200;

    private static final int LONGEST_COLD = 4_000;

    /** Of each size, until that is settled, too. */
    private static final int WINDOW = 3;

    private static final int LONGEST_WARMUP = 24;

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
    private boolean warm;

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
     * @param client what one client of the product takes
     */
    record Result(double ours, double raw, Footprint.Each client) {

        double ratio() {
            return ours / raw;
        }
    }

    Result measure(int clients) throws Exception {
        if (!warm) {
            String raw = raw(1, Rounds::leaveTheCold);
            String ours = ours("fan-out-warm-up", 1, (rounds, client) -> rounds.leaveTheCold(client));
            say("  warm-up   raw %s; product %s", raw, ours);
            warm = true;
        }
        double raw = raw(clients, Rounds::median);
        return ours("fan-out-" + clients, clients, (rounds, client) -> new Result(rounds.median(client), raw, client));
    }

    /** @param client what one takes */
    @FunctionalInterface
    private interface Act<T> {
        T with(Rounds rounds, Footprint.Each client) throws Exception;
    }

    private <T> T raw(int clients, Act<T> act) throws Exception {
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
            var each = Footprint.now().since(before).each(clients);
            return act.with(
                    new Rounds("raw", clients, arrivals, 0) {
                        @Override
                        void prepare() {}

                        @Override
                        void publish(long number) throws Exception {
                            publisher.setData().forPath(RawWatch.NODE, value(number));
                        }
                    },
                    each);
        } finally {
            closeAll(watches);
        }
    }

    private <T> T ours(String application, int clients, Act<T> act) throws Exception {
        var arrivals = new Arrivals(clients);
        List<AutoCloseable> followers = new ArrayList<>();
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
            center.publish(application, NAMESPACE, edit(application));
            arrivals.awaitAll(0);
            Pause.millis(SETTLED_MILLIS);
            var each = Footprint.now().since(before).each(clients);
            return act.with(
                    new Rounds("product", clients, arrivals, 1) {

                        private long revision;

                        @Override
                        void prepare() throws Exception {
                            revision = edit(application);
                        }

                        @Override
                        void publish(long number) throws Exception {
                            center.publish(application, NAMESPACE, revision);
                        }
                    },
                    each);
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
                one.sessionTimeout(),
                one.fetchJitter());
    }

    private byte[] value(long number) {
        byte[] value = new byte[BYTES];
        random.nextBytes(value);
        ByteBuffer.wrap(value).putLong(number);
        return value;
    }

    /** Releases or writes, one after the other, each until the slowest client has it. */
    private abstract class Rounds {

        private final String what;
        private final int clients;
        private final Arrivals arrivals;
        private long number;

        /** @param number the last one that was published */
        Rounds(String what, int clients, Arrivals arrivals, long number) {
            this.what = what;
            this.clients = clients;
            this.arrivals = arrivals;
            this.number = number;
        }

        abstract void prepare() throws Exception;

        abstract void publish(long number) throws Exception;

        String leaveTheCold(Footprint.Each client) throws Exception {
            return warmUp(COLD_WINDOW, LONGEST_COLD, 0);
        }

        double median(Footprint.Each client) throws Exception {
            int more = clients == 1 ? MORE_WITH_ONE : 1;
            long pause = clients == 1 ? SETTLED_MILLIS / 10 : SETTLED_MILLIS;
            String warmup = warmUp(more * WINDOW, more * LONGEST_WARMUP, pause);
            var waits = next(more * rounds, pause);
            say(
                    "  %-9s slowest of %d: %s; first p50 %.1f ms, middle p50 %.1f ms; warmed up for %s; %s",
                    what,
                    clients,
                    Output.percentiles(waits.last, "p50 %.1f ms, p90 %.1f ms, most %.1f ms", 50, 90, 100),
                    Output.millis(waits.first, 50),
                    Output.millis(waits.middle, 50),
                    warmup,
                    client.told());
            return Output.millis(waits.last, 50);
        }

        private String warmUp(int window, int most, long pauseMillis) throws Exception {
            var warmUp = new WarmUp();
            int made = 0;
            while (!warmUp.isOver() && made < most) {
                warmUp.took(next(window, pauseMillis).last.getValueAtPercentile(50));
                made += window;
            }
            return warmUp.told(made + " rounds");
        }

        private Waits next(int count, long pauseMillis) throws Exception {
            var waits = new Waits();
            for (int round = 0; round < count; round++) {
                prepare();
                number++;
                arrivals.expect(number);
                long since = System.nanoTime();
                publish(number);
                waits.add(arrivals.awaitAll(since));
                Pause.millis(pauseMillis);
            }
            return waits;
        }
    }

    /** Of the clients of each round. */
    private static final class Waits {

        private final Histogram first = new Histogram(3);
        private final Histogram middle = new Histogram(3);
        private final Histogram last = new Histogram(3);

        void add(Arrivals.Waits round) {
            first.recordValue(round.first());
            middle.recordValue(round.middle());
            last.recordValue(round.last());
        }
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
