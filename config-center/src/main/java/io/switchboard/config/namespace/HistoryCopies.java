package io.switchboard.config.namespace;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.config.history.EarlierReleases;
import io.switchboard.configprotocol.Items;
import io.switchboard.configprotocol.NamespacePath;
import io.switchboard.configprotocol.Release;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Copies releases to the database of earlier ones soon after they were made, long before ZooKeeper gives them up. Every hour it looks for
 * what a center that ended, or a database that was away, left uncopied. On threads of its own: what else is scheduled doesn't wait for
 * a database.
 */
@Component
class HistoryCopies implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(HistoryCopies.class);
    private static final int MOST_WAITING = 10_000;
    private static final int AT_ONCE = 20;

    /** Characters of all that wait. */
    private static final long MOST_HELD = 16L * 1024 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_NAMESPACES = 100_000;

    private final Ensemble ensemble;
    private final NamespaceTree tree;
    private final Namespaces namespaces;
    private final CanaryNodes canaries;
    private final ReleaseHistory history;
    private final EarlierReleases earlier;
    private final Queue<Made> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong held = new AtomicLong();
    private final Semaphore busy = new Semaphore(1);

    /**
     * @param release empty where all that waits would fill the memory: then it is read once it is copied, if ZooKeeper still keeps it
     *     by then
     * @param weight of what is held
     */
    private record Made(NamespacePath path, long number, Optional<Release> release, long weight) {}

    HistoryCopies(
            Ensemble ensemble,
            NamespaceTree tree,
            Namespaces namespaces,
            CanaryNodes canaries,
            ReleaseHistory history,
            EarlierReleases earlier) {
        this.ensemble = ensemble;
        this.tree = tree;
        this.namespaces = namespaces;
        this.canaries = canaries;
        this.history = history;
        this.earlier = earlier;
    }

    /** What finds no room now is found by the look each hour, if ZooKeeper has it by then. */
    void copy(Release release) {
        if (earlier.isPresent() && count.get() < MOST_WAITING) {
            long weight = weight(release);
            boolean fits = held.addAndGet(weight) <= MOST_HELD;
            if (!fits) {
                held.addAndGet(-weight);
            }
            waiting.add(new Made(
                    release.path(),
                    release.number(),
                    fits ? Optional.of(release) : Optional.empty(),
                    fits ? weight : 0));
            count.incrementAndGet();
        }
    }

    private static long weight(Release release) {
        return weight(release.items())
                + release.inherited().stream()
                        .mapToLong(one -> weight(one.items()))
                        .sum();
    }

    private static long weight(Items items) {
        return items.secrets().values().stream()
                        .mapToLong(secret -> 600 + secret.value().content().length)
                        .sum()
                + items.values().entrySet().stream()
                        .mapToLong(
                                item -> item.getKey().length() + item.getValue().length())
                        .sum();
    }

    private void settled(Made made) {
        count.decrementAndGet();
        held.addAndGet(-made.weight());
    }

    /**
     * Deletes what was copied of an application, and copies nothing of it later.
     *
     * @param application any namespace of it
     */
    void delete(NamespacePath application) {
        if (!earlier.isPresent()) {
            return;
        }
        boolean mine = false;
        try {
            mine = busy.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!mine) {
            throw new Problem(RequestProblem.UNAVAILABLE, "Releases are being copied to their database.");
        }
        try {
            earlier.delete(application);
            String node = application.applicationNode();
            List<Made> gone = waiting.stream()
                    .filter(made -> made.path().applicationNode().equals(node))
                    .toList();
            waiting.removeAll(gone);
            gone.forEach(this::settled);
        } finally {
            busy.release();
        }
    }

    @Scheduled(fixedDelayString = "PT1S")
    void beginToCopy() {
        if (!waiting.isEmpty()) {
            begin(this::copyWaiting);
        }
    }

    @Scheduled(initialDelayString = "PT1M", fixedDelayString = "PT1H")
    void beginToLook() {
        if (earlier.isPresent() && ensemble.connected()) {
            begin(this::look);
        }
    }

    /** Unless the last one still runs. */
    private void begin(Runnable work) {
        if (busy.tryAcquire()) {
            Thread.ofVirtual().name("config-history").start(() -> {
                try {
                    work.run();
                } finally {
                    busy.release();
                }
            });
        }
    }

    private void copyWaiting() {
        while (!waiting.isEmpty()) {
            List<Made> batch = waiting.stream().limit(AT_ONCE).toList();
            try {
                List<Release> releases =
                        batch.stream().flatMap(made -> read(made).stream()).toList();
                if (!releases.isEmpty()) {
                    earlier.add(releases);
                }
            } catch (Problem e) {
                log.warn("{} releases wait to be copied: {}", count.get(), e.getMessage());
                return;
            }
            for (int copied = 0; copied < batch.size(); copied++) {
                settled(waiting.remove());
            }
        }
    }

    /** Empty if it was not held, and ZooKeeper gave it up meanwhile. One that can't be read keeps no other from being copied. */
    private Optional<Release> read(Made made) {
        if (made.release().isPresent()) {
            return made.release();
        }
        try {
            return history.inZooKeeper(made.path(), made.number());
        } catch (Problem unavailable) {
            throw unavailable;
        } catch (RuntimeException e) {
            log.warn(
                    "Not copied: namespace={} release={} ({})",
                    made.path(),
                    made.number(),
                    e.getClass().getName());
            return Optional.empty();
        }
    }

    void look() {
        try {
            for (String tenant : tree.tenants()) {
                var all = new NamespaceTree.Scope(tenant, Optional.empty(), Optional.empty(), Optional.empty());
                tree.list(all, MOST_NAMESPACES).forEach(this::lookAt);
            }
            int deleted = earlier.deleteOld();
            log.info("{} earlier releases were old enough to be deleted", deleted);
        } catch (Problem e) {
            log.warn("Not all releases were looked for in the database of earlier ones: {}", e.getMessage());
        }
    }

    /** One that can't be read keeps no other from being copied. */
    private void lookAt(NamespacePath path) {
        try {
            copyMissing(path);
        } catch (Problem unavailable) {
            throw unavailable;
        } catch (RuntimeException e) {
            log.warn(
                    "Not looked for earlier releases: namespace={} ({})",
                    path,
                    e.getClass().getName());
        }
    }

    private void copyMissing(NamespacePath path) {
        List<Long> numbers = inEffectOnce(path);
        if (numbers.isEmpty()) {
            return;
        }
        Set<Long> there = earlier.numbers(path, numbers);
        List<Release> missing = numbers.stream()
                .filter(number -> !there.contains(number))
                .flatMap(number -> history.kept(path, number).stream())
                .toList();
        if (!missing.isEmpty()) {
            earlier.add(missing);
        }
    }

    /** What some clients only tried is never gone back to, and not kept for longer. */
    private List<Long> inEffectOnce(NamespacePath path) {
        long current = namespaces.read(path).number();
        Set<Long> tried = canaries.abandoned(path);
        return history.numbers(path).stream()
                .filter(number -> number <= current && !tried.contains(number))
                .toList();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("switchboard.config.history.waiting", count, AtomicInteger::get)
                .description("Releases that this center has made and not copied to the database of earlier ones yet")
                .register(registry);
    }
}
