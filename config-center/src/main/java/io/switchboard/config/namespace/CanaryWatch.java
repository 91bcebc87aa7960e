package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.contracts.problem.Problem;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Looks each second at what the clients of each canary say. Each center does; it remembers nothing from look to look. */
@Component
class CanaryWatch {

    private static final Logger log = LoggerFactory.getLogger(CanaryWatch.class);

    private final Ensemble ensemble;
    private final CanaryEnds canaries;
    private final Set<RunningCanary> lookedAt = ConcurrentHashMap.newKeySet();

    CanaryWatch(Ensemble ensemble, CanaryEnds canaries) {
        this.ensemble = ensemble;
        this.canaries = canaries;
    }

    @Scheduled(fixedDelayString = "PT1S")
    void look() {
        // Without an ensemble there is nothing to wait for.
        if (!ensemble.connected()) {
            return;
        }
        try {
            ensemble.children(RunningCanary.PARENT).stream()
                    .flatMap(name -> RunningCanary.of(name).stream())
                    .forEach(this::begin);
        } catch (Problem unavailable) {
            log.debug("canaries are not looked at: {}", unavailable.detail());
        }
    }

    /** One that has thousands of clients keeps no other one waiting; unless the last look at it still runs. */
    private void begin(RunningCanary canary) {
        if (lookedAt.add(canary)) {
            Thread.ofVirtual().name("config-canary").start(() -> {
                try {
                    look(canary);
                } finally {
                    lookedAt.remove(canary);
                }
            });
        }
    }

    /** One that can't be looked after keeps no other one waiting. */
    private void look(RunningCanary canary) {
        try {
            canaries.look(canary);
        } catch (Problem overtaken) {
            log.debug("the canary {} in {} is looked at again: {}", canary.id(), canary.stage(), overtaken.detail());
        } catch (RuntimeException e) {
            log.warn("the canary {} in {} can't be looked at", canary.id(), canary.stage(), e);
        }
    }
}
