package io.switchboard.scheduling.deployment;

import io.switchboard.contracts.problem.Problem;
import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.engine.Task;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Moves instances off nodes that are drained, as long as any are. Every scheduler does so, for it takes no leader: who
 * comes second finds the instance moving already.
 */
@Component
class NodeDrains implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(NodeDrains.class);

    private final Deployments deployments;
    private final DrainedNodes drained;
    private final Interventions interventions;
    private final Engine engine;
    private final Duration every;
    private Set<String> cordoned = Set.of();
    private volatile @Nullable ScheduledExecutorService rounds;

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

    /** One instance moves at a time as far as its own rollouts go; different ones move beside each other. */
    synchronized void round() {
        var hosts = drained.all().keySet();
        if (!hosts.equals(cordoned)) {
            engine.cordon(hosts);
            cordoned = Set.copyOf(hosts);
        }
        if (!hosts.isEmpty()) {
            deployments.living(Optional.empty()).stream()
                    .filter(one -> one.goal() == Goal.RUN && one.told().settled())
                    .forEach(one -> vacate(one, hosts));
        }
    }

    private void vacate(Deployment deployment, Set<String> hosts) {
        var host = deployment.revisions().stream()
                .flatMap(revision -> engine.tasks(revision.workload()).stream())
                .map(Task::host)
                .filter(hosts::contains)
                .findFirst();
        if (host.isEmpty()) {
            return;
        }
        try {
            interventions.carryOut(
                    () -> current(deployment), new Intervention.Vacate(host.get()), "the drain of its node");
        } catch (Problem gone) {
            log.debug("instance {} needs not move: {}", deployment.id(), gone.detail());
        }
    }

    /** As it is now, if it is still to move. */
    private Deployment current(Deployment seen) {
        return deployments.find(List.of(seen.id())).stream()
                .filter(one -> one.goal() == Goal.RUN && one.told().settled())
                .findFirst()
                .orElseThrow(() -> new Problem(
                        RolloutProblem.NOTHING_UNDER_WAY, "The instance moves already, or is on its way out."));
    }

    private void roundUnlessTrouble() {
        try {
            round();
        } catch (DataAccessException | TransactionException | EngineUnavailable e) {
            log.warn("drained nodes can't be emptied at the moment, the next round tries again: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.error("drained nodes can't be emptied", e);
        }
    }

    @Override
    public void start() {
        if (!engine.capabilities().contains(Capability.CORDON_NODES)) {
            return;
        }
        var fresh = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("node-drains").daemon().factory());
        fresh.scheduleWithFixedDelay(this::roundUnlessTrouble, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        rounds = fresh;
    }

    @Override
    public void stop() {
        var running = rounds;
        rounds = null;
        if (running != null) {
            running.shutdownNow();
        }
    }

    @Override
    public boolean isRunning() {
        return rounds != null;
    }
}
