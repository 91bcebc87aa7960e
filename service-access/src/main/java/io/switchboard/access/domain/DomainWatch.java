package io.switchboard.access.domain;

import io.switchboard.access.domain.ClaimDomain.Claim;
import io.switchboard.access.endpoint.EndpointRegistry;
import io.switchboard.access.endpoint.RegistryUnavailable;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Looks into DNS again and again for every domain. Each process does, because any of them may be the only one left; what they
 * find is the same, and is stored once.
 */
final class DomainWatch implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DomainWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** A resolver that is silent for one domain must not keep all others waiting. */
    private static final int AT_ONCE = 16;

    private final EndpointRegistry registry;
    private final ClaimDomain claims;
    private final DomainChecks checks;
    private volatile @Nullable Thread watcher;

    DomainWatch(EndpointRegistry registry, ClaimDomain claims, DomainChecks checks) {
        this.registry = registry;
        this.claims = claims;
        this.checks = checks;
    }

    @Override
    public void start() {
        // Assigned before it starts, because it ends as soon as it isn't the one.
        var thread = Thread.ofPlatform().name("access-domains").daemon().unstarted(this::watchUntilStopped);
        watcher = thread;
        thread.start();
    }

    private void watchUntilStopped() {
        while (watcher == Thread.currentThread()) {
            try {
                look();
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException e) {
                return;
            } catch (RegistryUnavailable e) {
                log.debug("what became of domains waits: {}", e.getMessage());
            } catch (RuntimeException e) {
                log.error("looking after domains failed and is tried again", e);
            }
        }
    }

    private void look() throws InterruptedException {
        var upstreams = registry.upstreams();
        checks.keepOnly(upstreams);
        claims.endEarlierClaims();
        var due = ClaimDomain.claims(upstreams)
                .filter(claim -> checks.due(claim.upstream().instanceId(), claim.domain()))
                .toList();
        if (due.isEmpty()) {
            return;
        }
        var room = new Semaphore(AT_ONCE);
        try (var lookers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Claim claim : due) {
                room.acquire();
                lookers.submit(() -> {
                    try {
                        checks.look(claim.upstream(), claim.domain(), "");
                    } catch (RegistryUnavailable e) {
                        log.debug("what became of {} waits: {}", claim.domain().name(), e.getMessage());
                    } finally {
                        room.release();
                    }
                });
            }
        }
    }

    @Override
    public void stop() {
        var thread = watcher;
        watcher = null;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return watcher != null;
    }

    /** After the registry has what it knew. */
    @Override
    public int getPhase() {
        return 20;
    }
}
