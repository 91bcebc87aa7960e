package io.switchboard.bench;

import static io.switchboard.bench.Output.say;

import io.switchboard.configclient.delivery.Coordinates;
import io.switchboard.configprotocol.Release;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Whether anybody ever sees three namespaces, which are always published together, at different releases. Half of the
 * readers are clients with sessions of their own, which look at each step they take; half are threads of one Spring
 * application, which look at a bean again and again.
 */
final class Atomicity {

    private static final String APPLICATION = "atomicity";
    private static final List<String> NAMESPACES = List.of("first", "second", "third");
    private static final int ITEMS = 20;
    private static final int CLIENTS = 32;
    private static final int THREADS = 32;

    private final ConfigCenter center;
    private final LongAdder looks = new LongAdder();
    private final LongAdder mixes = new LongAdder();

    Atomicity(ConfigCenter center) {
        this.center = center;
    }

    /** @param missed readers that did not end at the last release */
    record Result(long mixes, long missed) {}

    Result measure(String zookeeper, Path caches, int releases) throws Exception {
        Coordinates coordinates = center.coordinates(APPLICATION, zookeeper, "client", caches.resolve("atomicity"));
        publish(0);
        List<Client> clients = IntStream.range(0, CLIENTS)
                .mapToObj(number -> new Client(coordinates))
                .toList();
        String imports = NAMESPACES.stream().map(name -> "switchboard:" + name).collect(Collectors.joining(","));
        try (var application = BeanChange.application(coordinates, imports);
                var threads = Executors.newFixedThreadPool(THREADS)) {
            var bean = application.getBean(BeanChange.Probe.class).live;
            // Its namespaces were imported one by one at the start; from the first step on they are one.
            var done = new java.util.concurrent.atomic.AtomicBoolean();
            List<Future<Object>> readers = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                readers.add(threads.submit((Callable<Object>) () -> {
                    while (!done.get()) {
                        look(bean.get().items().values());
                        Pause.millis(1);
                    }
                    return done;
                }));
            }
            for (int release = 1; release <= releases; release++) {
                publish(release);
            }
            String last = String.valueOf(releases);
            long missed = awaitEnd(clients, application, last);
            done.set(true);
            for (Future<Object> reader : readers) {
                reader.get();
            }
            say(
                    "atomicity   %d releases of %d namespaces, %d looks, %d mixes, %d readers missed the last one",
                    releases, NAMESPACES.size(), looks.sum(), mixes.sum(), missed);
            return new Result(mixes.sum(), missed);
        } finally {
            clients.forEach(Client::close);
        }
    }

    private static long awaitEnd(List<Client> clients, ConfigurableApplicationContext application, String last) {
        var bean = application.getBean(BeanChange.Probe.class).live;
        try {
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> clients.stream().allMatch(client -> client.isAt(last))
                            && Set.of(last)
                                    .equals(new HashSet<>(bean.get().items().values())));
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            say("atomicity   some readers are not at the last release");
        }
        return clients.stream().filter(client -> !client.isAt(last)).count()
                + (Set.of(last).equals(new HashSet<>(bean.get().items().values())) ? 0 : 1);
    }

    private void publish(int stamp) throws ConfigCenter.Failed {
        Map<String, Long> revisions = new HashMap<>();
        for (String namespace : NAMESPACES) {
            Map<String, String> items = IntStream.range(0, ITEMS)
                    .boxed()
                    .collect(Collectors.toMap(
                            item -> "stamp.items." + namespace + "-" + item, item -> String.valueOf(stamp)));
            revisions.put(namespace, center.edit(APPLICATION, namespace, items));
        }
        center.publishTogether(APPLICATION, revisions);
    }

    private void look(Collection<String> values) {
        looks.increment();
        if (new HashSet<>(values).size() != 1 || values.size() != NAMESPACES.size() * ITEMS) {
            mixes.increment();
        }
    }

    private final class Client implements AutoCloseable {

        private final Map<String, String> items = new java.util.concurrent.ConcurrentHashMap<>();
        private final FollowingClient follower;

        Client(Coordinates coordinates) {
            follower = new FollowingClient(coordinates, NAMESPACES, this::take);
        }

        private void take(List<Release> together) {
            together.forEach(release -> items.putAll(release.items().values()));
            look(items.values());
        }

        boolean isAt(String stamp) {
            return items.size() == NAMESPACES.size() * ITEMS
                    && items.values().stream().allMatch(stamp::equals);
        }

        @Override
        public void close() {
            follower.close();
        }
    }
}
