package io.switchboard.access.balancer;

import io.switchboard.access.route.Endpoint;
import io.switchboard.access.route.Upstream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds endpoints that get no traffic any more because nobody vouches for them and they take no connections either. Whoever
 * registered a task may have died together with it; what was registered by a control plane that is away, and still answers,
 * goes on as before.
 */
final class StaleEndpoints {

    private static final Logger log = LoggerFactory.getLogger(StaleEndpoints.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** Failures in a row, so that a full backlog ends nothing. */
    private static final int ENOUGH = 2;

    private static final int MOST_AT_ONCE = 100;

    private final Supplier<Collection<Upstream>> upstreams;
    private final BiPredicate<Upstream, Endpoint> unvouched;
    private final Predicate<Endpoint> answers;
    private final Runnable onChange;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("access-stale").daemon().factory());

    private final Map<Stale, Integer> failures = new HashMap<>();
    private volatile Set<Stale> dead = Set.of();

    private record Stale(UUID instance, Endpoint endpoint) {}

    /**
     * @param unvouched whether nobody vouches for an endpoint
     * @param answers whether it takes connections
     * @param onChange called when other endpoints than before get no traffic
     */
    StaleEndpoints(
            Supplier<Collection<Upstream>> upstreams,
            BiPredicate<Upstream, Endpoint> unvouched,
            Predicate<Endpoint> answers,
            Runnable onChange) {
        this.upstreams = upstreams;
        this.unvouched = unvouched;
        this.answers = answers;
        this.onChange = onChange;
    }

    void start() {
        clock.scheduleWithFixedDelay(
                () -> {
                    try {
                        look();
                    } catch (RuntimeException e) {
                        log.error("looking for endpoints that are gone failed and is tried again", e);
                    }
                },
                EVERY.toMillis(),
                EVERY.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    void stop() {
        clock.shutdownNow();
    }

    int dead() {
        return dead.size();
    }

    /** These upstreams without the endpoints that are dead. */
    Collection<Upstream> without(Collection<Upstream> upstreams) {
        var gone = dead;
        return gone.isEmpty()
                ? upstreams
                : upstreams.stream().map(upstream -> without(upstream, gone)).toList();
    }

    private static Upstream without(Upstream upstream, Set<Stale> gone) {
        Predicate<Endpoint> isGone = endpoint -> gone.contains(new Stale(upstream.instanceId(), endpoint));
        return upstream.endpoints().stream().anyMatch(isGone) ? upstream.without(isGone) : upstream;
    }

    /** Asks each endpoint that nobody vouches for. */
    void look() {
        var stale = stale();
        failures.keySet().retainAll(stale);
        var silent = silent(stale);
        for (Stale each : stale) {
            if (silent.contains(each)) {
                failures.merge(each, 1, Integer::sum);
            } else {
                failures.remove(each);
            }
        }
        Set<Stale> now = new HashSet<>();
        failures.forEach((each, times) -> {
            if (times >= ENOUGH) {
                now.add(each);
            }
        });
        tell(now);
    }

    /** Where datagrams go nobody can tell silence from absence; Kamailio passes over who says nothing. */
    private Set<Stale> stale() {
        Set<Stale> stale = new HashSet<>();
        for (Upstream upstream : upstreams.get()) {
            for (Endpoint endpoint : upstream.endpoints()) {
                if (!upstream.overUdp(endpoint) && unvouched.test(upstream, endpoint)) {
                    stale.add(new Stale(upstream.instanceId(), endpoint));
                }
            }
        }
        return stale;
    }

    private Set<Stale> silent(Set<Stale> asked) {
        Set<Stale> silent = ConcurrentHashMap.newKeySet();
        var room = new Semaphore(MOST_AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Stale each : asked) {
                room.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        if (!answers.test(each.endpoint())) {
                            silent.add(each);
                        }
                    } finally {
                        room.release();
                    }
                });
            }
        }
        return silent;
    }

    private void tell(Set<Stale> now) {
        var before = dead;
        if (now.equals(before)) {
            return;
        }
        dead = Set.copyOf(now);
        now.stream()
                .filter(each -> !before.contains(each))
                .forEach(each -> log.warn(
                        "task {} of instance {} gets no traffic: nobody vouches for it, and it takes no connections",
                        each.endpoint().taskId(),
                        each.instance()));
        before.stream()
                .filter(each -> !now.contains(each))
                .forEach(each -> log.info(
                        "task {} of instance {} is there again, or gone for good",
                        each.endpoint().taskId(),
                        each.instance()));
        onChange.run();
    }
}
