package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.contracts.problem.Problem;
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

    CanaryWatch(Ensemble ensemble, CanaryEnds canaries) {
        this.ensemble = ensemble;
        this.canaries = canaries;
    }

    @Scheduled(fixedDelayString = "PT1S")
    void look() {
        // Others on this thread must not wait for an ensemble that is gone.
        if (!ensemble.connected()) {
            return;
        }
        try {
            ensemble.children(RunningCanary.PARENT).stream()
                    .flatMap(name -> RunningCanary.of(name).stream())
                    .forEach(this::look);
        } catch (Problem unavailable) {
            log.debug("canaries are not looked at: {}", unavailable.detail());
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
