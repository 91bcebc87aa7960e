package io.switchboard.samples.acd.floor;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/** What the floor does, for the platform's measurements: {@code acd_active_calls}, {@code acd_calls_total} and others. */
@Component
class FloorMetrics implements MeterBinder {

    private final Floor floor;

    FloorMetrics(Floor floor) {
        this.floor = floor;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "acd.active.calls", "Calls queued, ringing or talking", Statistics::activeCalls);
        gauge(registry, "acd.queue.length", "Calls waiting for an agent", Statistics::queued);
        for (var kind : Agent.Kind.values()) {
            Gauge.builder("acd.agents", floor, now -> now.statistics().agents().getOrDefault(kind, 0))
                    .description("Agents logged in, by state")
                    .tag("state", kind.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        counter(registry, "acd.calls", "Calls accepted", Statistics::accepted);
        counter(registry, "acd.calls.offered", "Calls offered, taken or not", Statistics::offered);
        counter(registry, "acd.calls.answered", "Calls an agent answered", Statistics::answered);
        counter(
                registry,
                "acd.calls.answered.in.time",
                "Of them, within acd.queue.answer-within",
                Statistics::answeredInTime);
        counter(registry, "acd.calls.abandoned", "Calls that ended unanswered", Statistics::abandoned);
        counter(registry, "acd.calls.refused", "Calls refused", Statistics::refused);
        counter(
                registry,
                "acd.calls.failed",
                "Calls not set up though the caller did nothing wrong",
                Statistics::failed);
    }

    private void gauge(MeterRegistry registry, String name, String text, ToDoubleFunction<Statistics> value) {
        Gauge.builder(name, floor, now -> value.applyAsDouble(now.statistics()))
                .description(text)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, String text, ToDoubleFunction<Statistics> value) {
        FunctionCounter.builder(name, floor, now -> value.applyAsDouble(now.statistics()))
                .description(text)
                .register(registry);
    }
}
