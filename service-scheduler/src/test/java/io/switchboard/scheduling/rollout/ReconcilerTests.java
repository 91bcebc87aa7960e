package io.switchboard.scheduling.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.switchboard.engine.InMemoryEngine;
import io.switchboard.scheduling.Orders;
import io.switchboard.scheduling.deployment.Deployment;
import io.switchboard.scheduling.deployment.InMemoryDeployments;
import io.switchboard.scheduling.leadership.LeadershipLost;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconcilerTests {

    private static final ReconcileProperties PROPERTIES =
            new ReconcileProperties(Duration.ofHours(1), 200, 100, 256, true);

    private final UUID instance = UUID.randomUUID();
    private final InMemoryDeployments deployments = new InMemoryDeployments();
    private @Nullable Reconciler reconciler;

    @BeforeEach
    void order() {
        deployments.order(Orders.open(instance, 1_000), Clock.systemUTC().instant());
    }

    @AfterEach
    void stop() {
        if (reconciler != null) {
            reconciler.stop(Duration.ZERO);
        }
    }

    private Reconciler started(Function<Deployment, Optional<Duration>> advance) {
        var started = new Reconciler(
                deployments,
                new InMemoryEngine(InMemoryEngine.Readiness.IMMEDIATE, Clock.systemUTC()),
                advance,
                new RolloutMetrics(new SimpleMeterRegistry()),
                PROPERTIES);
        reconciler = started;
        started.start();
        started.changed(List.of(instance));
        return started;
    }

    @Test
    void whatLostItsTermIsUnfinished() {
        var looks = new AtomicInteger();
        var started = started(deployment -> {
            looks.incrementAndGet();
            throw new LeadershipLost(1, "a later epoch has begun");
        });
        await().until(() -> looks.get() > 0);
        assertThat(started.stop(Duration.ofSeconds(5))).isTrue();
        assertThat(started.unfinished()).containsExactly(instance);
    }

    @Test
    void aHintThatComesTooLateIsUnfinished() {
        var looks = new AtomicInteger();
        var started = started(deployment -> {
            looks.incrementAndGet();
            return Optional.empty();
        });
        await().until(() -> looks.get() > 0 && started.unfinished().isEmpty());
        started.stop(Duration.ofSeconds(5));
        started.changed(List.of(instance));
        assertThat(started.unfinished()).containsExactly(instance);
        assertThat(looks).hasValue(1);
    }

    @Test
    void whatIsCutShortIsUnfinished() {
        var begun = new CountDownLatch(1);
        var started = started(deployment -> {
            begun.countDown();
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                throw new LeadershipLost(1, "it has ended");
            }
            return Optional.empty();
        });
        await().until(() -> begun.getCount() == 0);
        assertThat(started.unfinished()).containsExactly(instance);
        assertThat(started.stop(Duration.ofMillis(50))).isTrue();
        assertThat(started.unfinished()).containsExactly(instance);
    }
}
