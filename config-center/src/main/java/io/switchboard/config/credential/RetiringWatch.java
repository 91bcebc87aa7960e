package io.switchboard.config.credential;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.contracts.problem.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Retires reader keys whose time has come, and keeps who still uses them until then. Each center does. */
@Component
class RetiringWatch {

    private static final Logger log = LoggerFactory.getLogger(RetiringWatch.class);
    private static final Logger audit = LoggerFactory.getLogger("audit.config");

    private final Ensemble ensemble;
    private final Keyrings keys;
    private final KeyUses uses;
    private final Clock clock;

    RetiringWatch(Ensemble ensemble, Keyrings keys, KeyUses uses, Clock clock) {
        this.ensemble = ensemble;
        this.keys = keys;
        this.uses = uses;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "PT1S")
    void look() {
        Instant now = clock.instant();
        retiring().stream().filter(one -> !one.at().isAfter(now)).forEach(this::retire);
    }

    @Scheduled(fixedDelayString = "PT1M")
    void keepUses() {
        retiring().stream().map(Retiring::application).distinct().forEach(application -> {
            try {
                uses.keep(application, Duration.ofSeconds(50));
            } catch (RuntimeException e) {
                log.debug("who uses the reader keys of {} is not kept", application.application(), e);
            }
        });
    }

    /** None without an ensemble: nothing is to wait for it. */
    private List<Retiring> retiring() {
        if (!ensemble.connected()) {
            return List.of();
        }
        try {
            return ensemble.children(Retiring.PARENT).stream()
                    .flatMap(name -> Retiring.of(name).stream())
                    .toList();
        } catch (Problem unavailable) {
            log.debug("reader keys that retire wait: {}", unavailable.detail());
            return List.of();
        }
    }

    /** One that can't be retired keeps no other one waiting. */
    private void retire(Retiring due) {
        try {
            for (String id : keys.retireDue(due, false)) {
                audit.warn(
                        "reader key retired: application={}/{} author=- key={} due={}",
                        due.application().tenant(),
                        due.application().application(),
                        id,
                        due.at());
            }
            if (keys.keyring(due.application()).keys().size() == 1) {
                uses.forget(due.application());
            }
        } catch (RuntimeException e) {
            log.warn(
                    "the reader keys of {} that are due are not retired",
                    due.application().application(),
                    e);
        }
    }
}
