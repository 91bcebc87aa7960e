package io.switchboard.config.credential;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.contracts.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Looks for reader keys that were changed by a center that went before it was through. Each center does. */
@Component
class UnsettledWatch {

    private static final Logger log = LoggerFactory.getLogger(UnsettledWatch.class);

    private final Ensemble ensemble;
    private final Keyrings keys;

    UnsettledWatch(Ensemble ensemble, Keyrings keys) {
        this.ensemble = ensemble;
        this.keys = keys;
    }

    @Scheduled(fixedDelayString = "PT1S")
    void look() {
        // Without an ensemble there is nothing to wait for.
        if (!ensemble.connected()) {
            return;
        }
        try {
            ensemble.children(Unsettled.PARENT).stream()
                    .flatMap(name -> Unsettled.of(name).stream())
                    .forEach(this::settle);
        } catch (Problem unavailable) {
            log.debug("reader keys are not looked at: {}", unavailable.detail());
        }
    }

    /** One that can't be settled keeps no other one waiting. */
    private void settle(Unsettled unsettled) {
        try {
            keys.settle(unsettled.application());
        } catch (RuntimeException e) {
            log.warn(
                    "the reader keys of {} are not settled",
                    unsettled.application().application(),
                    e);
        }
    }
}
