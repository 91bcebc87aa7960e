package io.switchboard.samples.acd;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Which release of the configuration this task runs with, as the config starter measures it. */
@Component
class ReleaseInUse {

    private final MeterRegistry registry;
    private volatile @Nullable Gauge gauge;

    ReleaseInUse(MeterRegistry registry) {
        this.registry = registry;
    }

    @EventListener(ApplicationStartedEvent.class)
    void find() {
        gauge = registry.find("switchboard.config.release")
                .tag("namespace", "application")
                .gauge();
    }

    /** 0 if the configuration doesn't come from a config center, or nothing is released yet. */
    long number() {
        var found = gauge;
        return found == null ? 0 : (long) found.value();
    }
}
