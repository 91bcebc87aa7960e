package io.switchboard.scheduling.node;

import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.scheduling.deployment.Deployments;
import io.switchboard.scheduling.deployment.Interventions;
import io.switchboard.scheduling.leadership.Term;
import io.switchboard.scheduling.leadership.TermListener;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Moves instances off nodes that are drained, as long as any are. Only the leader does so, whose engine is the one that
 * has to keep off them; and before it reconciles, so that nothing new starts there.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class NodeDrains implements TermListener {

    private static final Logger log = LoggerFactory.getLogger(NodeDrains.class);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Deployments deployments;
    private final DrainedNodes drained;
    private final Interventions interventions;
    private final Engine engine;
    private final Duration every;
    private Set<String> cordoned = Set.of();
    private @Nullable ScheduledExecutorService rounds;

    /** @param every time between two looks whether a task is on a drained node */
    NodeDrains(
            Deployments deployments,
            DrainedNodes drained,
            Interventions interventions,
            Engine engine,
            @Value("${scheduler.nodes.every:5s}") Duration every) {
        this.deployments = deployments;
        this.drained = drained;
        this.interventions = interventions;
        this.engine = engine;
        this.every = every;
    }

    @Override
    public void began(Term term) {
        if (!engine.capabilities().contains(Capability.CORDON_NODES)) {
            return;
        }
        unlessTrouble(this::cordon);
        var fresh = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("node-drains").daemon().factory());
        fresh.scheduleWithFixedDelay(
                () -> unlessTrouble(this::round), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        rounds = fresh;
    }

    @Override
    public boolean ended(Term term) {
        var running = rounds;
        rounds = null;
        if (running == null) {
            return true;
        }
        running.shutdownNow();
        try {
            return running.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** One instance moves at a time as far as its own rollouts go; different ones move beside each other. */
    private void round() {
        var hosts = cordon();
        if (hosts.isEmpty()) {
            return;
        }
        var placements = engine.placements();
        for (var host : hosts) {
            vacate(host, placements.getOrDefault(host, Map.of()).keySet());
        }
    }

    /** Asks for those that run there, however many there are elsewhere. */
    private void vacate(String host, Set<String> workloads) {
        if (!workloads.isEmpty()) {
            interventions.vacate(Set.copyOf(deployments.owners(workloads).values()), host);
        }
    }

    private synchronized Set<String> cordon() {
        var hosts = drained.all().keySet();
        if (!hosts.equals(cordoned)) {
            engine.cordon(hosts);
            cordoned = Set.copyOf(hosts);
        }
        return hosts;
    }

    private static void unlessTrouble(Runnable act) {
        try {
            act.run();
        } catch (DataAccessException | TransactionException | EngineUnavailable e) {
            log.warn("drained nodes can't be emptied at the moment, the next round tries again: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.error("drained nodes can't be emptied", e);
        }
    }
}
