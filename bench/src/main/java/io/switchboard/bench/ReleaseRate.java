package io.switchboard.bench;

import static io.switchboard.bench.Output.say;

import io.switchboard.configclient.delivery.Coordinates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Releases per second over a hundred namespaces, each with a client that has to end at the last one. */
final class ReleaseRate {

    private static final int APPLICATIONS = 10;
    private static final int NAMESPACES = 10;
    private static final int PUBLISHERS = 50;
    private static final int WARMUP_SECONDS = 15;
    private static final String VALUE = "x".repeat(200);

    private final ConfigCenter center;
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final Map<String, Long> last = new ConcurrentHashMap<>();

    ReleaseRate(ConfigCenter center) {
        this.center = center;
    }

    /** @param missed namespaces whose client did not end at the last release */
    record Result(double perSecond, long missed) {}

    Result measure(String zookeeper, Path caches, int seconds) throws Exception {
        List<String> namespaces = IntStream.range(0, NAMESPACES)
                .mapToObj(number -> "namespace-" + number)
                .toList();
        List<AutoCloseable> clients = new ArrayList<>();
        for (int application = 0; application < APPLICATIONS; application++) {
            String name = "rate-" + application;
            Coordinates coordinates =
                    center.coordinates(name, zookeeper, "client", caches.resolve("rate-" + application));
            clients.add(new FollowingClient(
                    coordinates,
                    namespaces,
                    releases -> releases.forEach(
                            release -> seen.put(name + "/" + release.path().namespace(), release.number()))));
        }
        run(namespaces, WARMUP_SECONDS);
        long began = System.nanoTime();
        long releases = run(namespaces, seconds);
        double perSecond = releases / ((System.nanoTime() - began) / 1e9);
        try {
            Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> seen.equals(last));
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            say("releases    some clients are not at the last release");
        }
        long missed = last.entrySet().stream()
                .filter(one -> !one.getValue().equals(seen.get(one.getKey())))
                .count();
        for (AutoCloseable client : clients) {
            client.close();
        }
        say("releases    %.0f/s for %d s over %d namespaces, missed %d", perSecond, seconds, last.size(), missed);
        return new Result(perSecond, missed);
    }

    /** Each publisher has namespaces of its own and changes and publishes them in turn. */
    private long run(List<String> namespaces, int seconds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Future<Long>> publishers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
                int which = publisher;
                publishers.add(threads.submit(() -> {
                    long releases = 0;
                    for (int turn = 0; System.nanoTime() < end; turn++) {
                        int own = which + turn % 2 * PUBLISHERS;
                        release("rate-" + own / NAMESPACES, namespaces.get(own % NAMESPACES));
                        releases++;
                    }
                    return releases;
                }));
            }
        }
        long releases = 0;
        for (Future<Long> publisher : publishers) {
            releases += publisher.get();
        }
        return releases;
    }

    private void release(String application, String namespace) throws ConfigCenter.Failed {
        String name = application + "/" + namespace;
        String value = VALUE + (last.getOrDefault(name, 0L) + 1);
        long revision = center.edit(application, namespace, Map.of("value", value));
        last.put(name, center.publish(application, namespace, revision));
    }
}
