package io.switchboard.config.delivery;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.switchboard.contracts.problem.Problem;
import io.switchboard.contracts.problem.RequestProblem;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/** Clients over HTTP that wait for a release, each counted once, whether it waits with a request or on a stream. */
@Component
class WaitingClients implements MeterBinder {

    private final HttpDeliveryProperties limits;
    private final Map<String, Integer> byTenant = new HashMap<>();
    private final AtomicLong refused = new AtomicLong();
    private int inAll;

    WaitingClients(HttpDeliveryProperties limits) {
        this.limits = limits;
    }

    /** Of one that waits, until it is closed; again has no effect. */
    interface Place extends AutoCloseable {

        @Override
        void close();
    }

    /** @throws Problem {@link RequestProblem#TOO_MANY_REQUESTS} if as many wait as may */
    synchronized Place enter(String tenant) {
        if (byTenant.getOrDefault(tenant, 0) >= limits.waitingPerTenant()) {
            throw full("%d clients of tenant '%s' wait for releases here, which is the most it may have."
                    .formatted(limits.waitingPerTenant(), tenant));
        }
        if (inAll >= limits.waitingInAll()) {
            throw full("%d clients wait for releases here, which is all this center holds."
                    .formatted(limits.waitingInAll()));
        }
        inAll++;
        byTenant.merge(tenant, 1, Integer::sum);
        var there = new AtomicBoolean(true);
        return () -> {
            if (there.getAndSet(false)) {
                leave(tenant);
            }
        };
    }

    private Problem full(String detail) {
        refused.incrementAndGet();
        return new Problem(RequestProblem.TOO_MANY_REQUESTS, detail);
    }

    private synchronized void leave(String tenant) {
        inAll--;
        byTenant.computeIfPresent(tenant, (key, count) -> count == 1 ? null : count - 1);
    }

    private synchronized int count() {
        return inAll;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("switchboard.config.clients.waiting", this, WaitingClients::count)
                .description("Clients over HTTP that wait for a release now")
                .register(registry);
        FunctionCounter.builder("switchboard.config.clients.refused", refused, AtomicLong::get)
                .description("Clients over HTTP that could not wait for a release because as many did as may")
                .register(registry);
    }
}
