package io.switchboard.access.balancer;

import io.switchboard.access.balancer.Tally.Figures;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Looks every few seconds at what the balancer counts. */
final class Traffic implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Traffic.class);

    private final Agent agent;
    private final Balancer balancer;
    private final Duration every;
    private final Clock clock;
    private final Tally tally = new Tally();
    private final Semaphore stopped = new Semaphore(0);
    private volatile List<Figures> figures = List.of();
    private volatile @Nullable Thread looker;

    Traffic(Agent agent, Balancer balancer, Duration every, Clock clock) {
        this.agent = agent;
        this.balancer = balancer;
        this.every = every;
        this.clock = clock;
    }

    /** As of the last look. */
    List<Figures> figures() {
        return figures;
    }

    @Override
    public void start() {
        // Assigned before it starts, because it ends as soon as it isn't the one.
        var thread = Thread.ofPlatform().name("access-traffic").daemon().unstarted(this::lookUntilStopped);
        looker = thread;
        thread.start();
    }

    private void lookUntilStopped() {
        try {
            while (looker == Thread.currentThread()) {
                look();
                stopped.tryAcquire(every.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            var counted = balancer.counted();
            var upstreams =
                    agent.carried().stream().map(Agent.Carried::upstream).toList();
            tally.look(counted, upstreams, clock.instant());
            figures = tally.figures();
        } catch (BalancerUnavailable e) {
            log.debug("no figures of traffic this time: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.error("figures of traffic can't be read", e);
        }
    }

    @Override
    public void stop() {
        var thread = looker;
        looker = null;
        stopped.release();
        // The balancer is closed next.
        Agent.join(thread);
    }

    @Override
    public boolean isRunning() {
        return looker != null;
    }

    /** After the agent. */
    @Override
    public int getPhase() {
        return 25;
    }
}
