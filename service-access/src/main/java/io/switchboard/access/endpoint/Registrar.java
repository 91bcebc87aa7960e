package io.switchboard.access.endpoint;

import io.switchboard.access.route.Upstream;
import io.switchboard.contracts.scheduling.PortSpec;
import io.switchboard.contracts.scheduling.SchedulerApi;
import io.switchboard.contracts.scheduling.TaskSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.client.RestClientException;

/**
 * Brings task snapshots into the registry: each as it comes, and all of them from the scheduler now and then, so that
 * a lost message heals. A snapshot that can't be stored now waits here; after a crash the scheduler tells it again.
 */
final class Registrar implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Registrar.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Services start in any order, so one that isn't there yet is no news until this has passed. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final EndpointRegistry registry;
    private final SchedulerApi scheduler;
    private final ResyncProperties properties;
    private final Clock clock;

    private final Map<UUID, TaskSnapshot> waiting = new ConcurrentHashMap<>();
    private final Map<UUID, Instant> unknownSince = new HashMap<>();
    /** Instances with a TCP port that has no public one, which is said once. */
    private final Set<UUID> unreached = ConcurrentHashMap.newKeySet();

    private final Semaphore wanted = new Semaphore(0);
    private volatile @Nullable Thread worker;

    Registrar(EndpointRegistry registry, SchedulerApi scheduler, ResyncProperties properties, Clock clock) {
        this.registry = registry;
        this.scheduler = scheduler;
        this.properties = properties;
        this.clock = clock;
        registry.onChange(this::wake);
    }

    /** A registry that has something to tell may take by now what waits. */
    private void wake() {
        if (!waiting.isEmpty()) {
            wanted.release();
        }
    }

    /** Stores the snapshot now, or keeps it until the registry answers. */
    void accept(TaskSnapshot snapshot) {
        try {
            registry.register(snapshot);
            warnOfPorts(snapshot);
            done(snapshot);
        } catch (RegistryUnavailable e) {
            waiting.merge(
                    snapshot.instanceId(), snapshot, (old, next) -> next.sequence() >= old.sequence() ? next : old);
            log.debug("snapshot {} of {} waits: {}", snapshot.sequence(), snapshot.instanceId(), e.getMessage());
        } catch (IllegalArgumentException e) {
            log.warn("instance {} can't be routed: {}", snapshot.instanceId(), e.getMessage());
            done(snapshot);
        }
    }

    private void warnOfPorts(TaskSnapshot snapshot) {
        var missing = snapshot.removed() ? List.<String>of() : unreached(snapshot);
        if (missing.isEmpty()) {
            unreached.remove(snapshot.instanceId());
        } else if (unreached.add(snapshot.instanceId())) {
            log.warn(
                    "no public port is free for {} of instance {} of tenant {}, which gets one as soon as one is; more are given by"
                            + " access.tcp.ports and access.tcp.tenants",
                    String.join(", ", missing),
                    snapshot.instanceId(),
                    snapshot.tenant());
        }
    }

    /** TCP ports without a public one. */
    private List<String> unreached(TaskSnapshot snapshot) {
        return registry.upstream(snapshot.instanceId()).stream()
                .flatMap(upstream -> snapshot.ports().stream()
                        .filter(port -> port.protocol() == PortSpec.Protocol.TCP
                                && upstream.routes().stream()
                                        .noneMatch(route -> route.port().equals(port.name()))))
                .map(PortSpec::name)
                .toList();
    }

    /** Tries again to store what waits. */
    void retry() {
        List.copyOf(waiting.values()).forEach(this::accept);
    }

    private void done(TaskSnapshot snapshot) {
        waiting.computeIfPresent(
                snapshot.instanceId(), (id, waits) -> waits.sequence() > snapshot.sequence() ? waits : null);
    }

    /**
     * Reads everything from the scheduler.
     *
     * @throws RestClientException if it can't be reached or answers with an error; nothing has changed then
     */
    void resync() {
        long asked = System.nanoTime();
        var snapshots = scheduler.taskSnapshots();
        snapshots.forEach(this::accept);
        var listed = snapshots.stream().map(TaskSnapshot::instanceId).collect(Collectors.toSet());
        registry.confirm(listed, asked);
        forget(listed);
    }

    /** An empty answer is a scheduler that lost its own data rather than one with nothing to run. */
    private void forget(Set<UUID> listed) {
        if (listed.isEmpty()) {
            unknownSince.clear();
            return;
        }
        var now = clock.instant();
        unknownSince.keySet().removeAll(listed);
        for (Upstream upstream : registry.upstreams()) {
            if (upstream.removed() || listed.contains(upstream.instanceId())) {
                continue;
            }
            var since = unknownSince.computeIfAbsent(upstream.instanceId(), id -> {
                log.warn(
                        "the scheduler doesn't know instance {} of tenant {}; its routes end in {} unless it does then",
                        upstream.instanceId(),
                        upstream.tenant(),
                        properties.forgetAfter());
                return now;
            });
            if (!since.plus(properties.forgetAfter()).isAfter(now)) {
                unknownSince.remove(upstream.instanceId());
                accept(new TaskSnapshot(
                        upstream.instanceId(),
                        upstream.tenant(),
                        upstream.instanceName(),
                        upstream.serviceType(),
                        upstream.sequence() + 1,
                        List.of(),
                        List.of(),
                        true));
            }
        }
    }

    @Override
    public void start() {
        // Assigned before it starts, because it ends as soon as it isn't the one.
        var thread = Thread.ofPlatform().name("access-registrar").daemon().unstarted(this::workUntilStopped);
        worker = thread;
        thread.start();
    }

    private void workUntilStopped() {
        var next = clock.instant();
        var answered = next;
        var told = false;
        var back = RETRY;
        while (worker == Thread.currentThread()) {
            retry();
            if (!clock.instant().isBefore(next)) {
                try {
                    resync();
                    back = RETRY;
                    answered = clock.instant();
                    next = answered.plus(jittered(properties.every()));
                    if (told) {
                        told = false;
                        log.info("the scheduler answers again");
                    }
                } catch (RuntimeException e) {
                    if (!told && clock.instant().isAfter(answered.plus(PATIENCE))) {
                        told = true;
                        log.warn(
                                "the scheduler can't be asked for its tasks; routes stay as they are: {}",
                                e.toString());
                    }
                    next = clock.instant().plus(back);
                    back = back.multipliedBy(2).compareTo(properties.every()) < 0
                            ? back.multipliedBy(2)
                            : properties.every();
                }
            }
            try {
                if (wanted.tryAcquire(RETRY.toMillis() / 2, TimeUnit.MILLISECONDS)) {
                    wanted.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static Duration jittered(Duration every) {
        return Duration.ofMillis(
                (long) (every.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
    }

    @Override
    public void stop() {
        var thread = worker;
        worker = null;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return worker != null;
    }

    /** After the registry, before messages arrive. */
    @Override
    public int getPhase() {
        return 10;
    }
}
