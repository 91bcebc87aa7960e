package io.switchboard.access.balancer;

import io.switchboard.access.endpoint.AgentReports;
import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.route.Addressing;
import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.access.RouteEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Says of each change that all agents carry it, in a process that has no agent of its own: agents beside HAProxies elsewhere have
 * nobody to say it to. As long as there is no agent at all nothing is said, because nothing is carried.
 */
final class Announcer implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Announcer.class);

    private final EndpointRegistry registry;
    private final Consumer<RouteEvent> events;
    private final Addressing addressing;
    private final Duration republishEvery;
    private final Clock clock;
    private final Semaphore news = new Semaphore(0);
    private final Map<UUID, Upstream> said = new HashMap<>();

    private String incarnation = "";
    private volatile @Nullable Thread worker;

    Announcer(
            EndpointRegistry registry,
            Consumer<RouteEvent> events,
            Addressing addressing,
            Duration republishEvery,
            Clock clock) {
        this.registry = registry;
        this.events = events;
        this.addressing = addressing;
        this.republishEvery = republishEvery;
        this.clock = clock;
        registry.onChange(news::release);
        registry.agents().onChange(news::release);
    }

    private void announce() {
        var position = registry.position();
        var reports = registry.agents().heard().stream()
                .map(AgentReports.Heard::report)
                .toList();
        if (position.seen() == 0 || reports.isEmpty()) {
            return;
        }
        if (!position.incarnation().equals(incarnation)) {
            incarnation = position.incarnation();
            said.clear();
        }
        var upstreams = List.copyOf(registry.upstreams());
        said.keySet().retainAll(upstreams.stream().map(Upstream::instanceId).collect(Collectors.toSet()));
        for (Upstream upstream : upstreams) {
            var id = upstream.instanceId();
            // Read after the upstream, so that it is this one's or a later one's.
            long revision = registry.revision(id);
            if (!upstream.equals(said.get(id))
                    && reports.stream().allMatch(report -> report.carries(id, incarnation, revision))) {
                events.accept(upstream.inForce(clock.instant(), addressing.addresses(upstream)));
                said.put(id, upstream);
            }
        }
    }

    @Override
    public void start() {
        // Assigned before it starts, because it ends as soon as it isn't the one.
        var thread = Thread.ofPlatform().name("access-announcer").daemon().unstarted(this::announceUntilStopped);
        worker = thread;
        thread.start();
    }

    private void announceUntilStopped() {
        var again = clock.instant().plus(republishEvery);
        try {
            while (worker == Thread.currentThread()) {
                if (!clock.instant().isBefore(again)) {
                    said.clear();
                    again = clock.instant().plus(republishEvery);
                }
                try {
                    announce();
                } catch (RuntimeException e) {
                    log.error("what agents carry can't be said, which is tried again with the next change", e);
                }
                if (news.tryAcquire(until(again), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long until(Instant then) {
        return Math.max(0, Duration.between(clock.instant(), then).toMillis()) + 1;
    }

    @Override
    public void stop() {
        var thread = worker;
        worker = null;
        if (thread != null) {
            news.release();
        }
    }

    @Override
    public boolean isRunning() {
        return worker != null;
    }

    /** After the registry has what it knew, and events can be taken. */
    @Override
    public int getPhase() {
        return 20;
    }
}
