package io.switchboard.bench;

import static io.switchboard.bench.Output.say;

import io.switchboard.configclient.delivery.Coordinates;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final int WINDOW_SECONDS = 5;
    private static final Duration LONGEST_WARMUP = Duration.ofMinutes(3);
    private static final String VALUE = "x".repeat(200);

    private final ConfigCenter center;
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private final Map<String, Long> last = new ConcurrentHashMap<>();

    ReleaseRate(ConfigCenter center) {
        this.center = center;
    }

    /** @param missed namespaces whose client did not end at the last release */
    record Result(double perSecond, long missed) {}

    Result measure(ZooKeeperProcess zookeeper, Path caches, int seconds) throws Exception {
        List<String> namespaces = IntStream.range(0, NAMESPACES)
                .mapToObj(number -> "namespace-" + number)
                .toList();
        List<AutoCloseable> clients = new ArrayList<>();
        for (int application = 0; application < APPLICATIONS; application++) {
            String name = "rate-" + application;
            Coordinates coordinates =
                    center.coordinates(name, zookeeper.address(), "client", caches.resolve("rate-" + application));
            clients.add(new FollowingClient(
                    coordinates,
                    namespaces,
                    releases -> releases.forEach(
                            release -> seen.put(name + "/" + release.path().namespace(), release.number()))));
        }
        String warmup = warmUp(namespaces);
        CpuTime cpuBefore = CpuTime.now(Optional.of(zookeeper.handle()));
        long began = System.nanoTime();
        Load load = run(namespaces, seconds);
        double perSecond = load.releases() / ((System.nanoTime() - began) / 1e9);
        CpuTime cpu = CpuTime.now(Optional.of(zookeeper.handle())).since(cpuBefore);
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
        say(
                "releases    %.0f/s for %d s over %d namespaces, missed %d; warmed up for %s",
                perSecond, seconds, last.size(), missed, warmup);
        say(
                "            processor time of one: %.2f ms in this JVM, %.2f ms of it the load's, and %.2f ms in ZooKeeper",
                cpu.oursMillisPer(load.releases()),
                load.cpuNanos() / 1e6 / load.releases(),
                cpu.serverMillisPer(load.releases()));
        return new Result(perSecond, missed);
    }

    /** By processor time, not by the rate: that also depends on what else the machine does. */
    private String warmUp(List<String> namespaces) throws Exception {
        var warmUp = new WarmUp();
        var took = Duration.ZERO;
        while (!warmUp.isOver() && took.compareTo(LONGEST_WARMUP) < 0) {
            CpuTime before = CpuTime.now(Optional.empty());
            Load load = run(namespaces, WINDOW_SECONDS);
            warmUp.took(CpuTime.now(Optional.empty()).since(before).oursMillisPer(load.releases()));
            took = took.plusSeconds(WINDOW_SECONDS);
        }
        return warmUp.told(took.toSeconds() + " s");
    }

    /** @param cpuNanos that it took itself */
    private record Load(long releases, long cpuNanos) {

        static final Load NONE = new Load(0, 0);

        Load and(Load other) {
            return new Load(releases + other.releases, cpuNanos + other.cpuNanos);
        }
    }

    /** Each publisher has namespaces of its own and changes and publishes them in turn. */
    private Load run(List<String> namespaces, int seconds) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Future<Load>> publishers = new ArrayList<>();
        // Not virtual ones: nothing tells their processor time.
        try (var threads = Executors.newFixedThreadPool(PUBLISHERS)) {
            for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
                int which = publisher;
                publishers.add(threads.submit(() -> publish(namespaces, which, end)));
            }
        }
        Load all = Load.NONE;
        for (Future<Load> publisher : publishers) {
            all = all.and(publisher.get());
        }
        return all;
    }

    private Load publish(List<String> namespaces, int publisher, long end) throws ConfigCenter.Failed {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpuBefore = threads.getCurrentThreadCpuTime();
        long releases = 0;
        for (int turn = 0; System.nanoTime() < end; turn++) {
            int own = publisher + turn % 2 * PUBLISHERS;
            release("rate-" + own / NAMESPACES, namespaces.get(own % NAMESPACES));
            releases++;
        }
        return new Load(releases, threads.getCurrentThreadCpuTime() - cpuBefore);
    }

    private void release(String application, String namespace) throws ConfigCenter.Failed {
        String name = application + "/" + namespace;
        String value = VALUE + (last.getOrDefault(name, 0L) + 1);
        long revision = center.edit(application, namespace, Map.of("value", value));
        last.put(name, center.publish(application, namespace, revision));
    }
}
