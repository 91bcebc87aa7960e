package io.switchboard.scheduling.node;

import io.switchboard.engine.Capability;
import io.switchboard.engine.Engine;
import io.switchboard.engine.EngineUnavailable;
import io.switchboard.scheduling.deployment.Deployments;
import io.switchboard.scheduling.deployment.Interventions;
import io.switchboard.scheduling.leadership.Term;
import io.switchboard.scheduling.leadership.TermListener;
import io.switchboard.scheduling.rounds.Rounds;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
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

    private final Deployments deployments;
    private final DrainedNodes drained;
    private final Interventions interventions;
    private final Engine engine;
    private final Rounds rounds;
    private Set<String> cordoned = Set.of();

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
        this.rounds = new Rounds("node-drains", every, every, this::round);
    }

    @Override
    public void began(Term term) {
        if (!engine.capabilities().contains(Capability.CORDON_NODES)) {
            return;
        }
        try {
            cordon();
        } catch (DataAccessException | TransactionException | EngineUnavailable e) {
            log.warn("drained nodes can't be kept free at the moment, the next round tries again: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.error("drained nodes can't be kept free", e);
        }
        rounds.start();
    }

    @Override
    public boolean ended(Term term) {
        return rounds.end();
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
}
