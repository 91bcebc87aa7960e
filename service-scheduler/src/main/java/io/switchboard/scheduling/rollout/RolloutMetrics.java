package io.switchboard.scheduling.rollout;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a scheduler measures of its own work. */
final class RolloutMetrics {

    private final MeterRegistry registry;
    private final Timer orderToEngine;
    private final Timer reconcile;
    private final Counter cutCalls;
    private final Counter rolledBack;
    private final Map<Class<?>, Counter> steps = new ConcurrentHashMap<>();

    RolloutMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.orderToEngine = Timer.builder("scheduler.order.to.engine")
                .description("from an order's acceptance to the engine's acceptance of its workload")
                .publishPercentileHistogram()
                .register(registry);
        this.cutCalls = Counter.builder("scheduler.calls.cut")
                .description("calls that a task still had when it was stopped")
                .register(registry);
        this.rolledBack = Counter.builder("scheduler.rollouts.rolled.back")
                .description("rollouts whose trial tasks did worse than the old ones")
                .register(registry);
        this.reconcile = Timer.builder("scheduler.reconcile")
                .description("one look-decide-act loop over one deployment")
                .publishPercentileHistogram()
                .register(registry);
    }

    void ordered(Duration sinceAccepted) {
        // Two machines' clocks may disagree.
        orderToEngine.record(sinceAccepted.isNegative() ? Duration.ZERO : sinceAccepted);
    }

    void step(Step step) {
        steps.computeIfAbsent(
                        step.getClass(),
                        type -> Counter.builder("scheduler.steps")
                                .tag("step", type.getSimpleName())
                                .register(registry))
                .increment();
    }

    void cut(int calls) {
        cutCalls.increment(calls);
    }

    void rolledBack() {
        rolledBack.increment();
    }

    Timer reconcile() {
        return reconcile;
    }
}
