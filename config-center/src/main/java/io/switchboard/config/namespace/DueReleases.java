package io.switchboard.config.namespace;

import io.switchboard.config.ensemble.Ensemble;
import io.switchboard.contracts.problem.Problem;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Looks each second for what is due: one request, whatever there is. Each center does. */
@Component
class DueReleases {

    private static final Logger log = LoggerFactory.getLogger(DueReleases.class);

    private final Ensemble ensemble;
    private final Schedules schedules;
    private final Clock clock;

    /** Why those wait that are due, as it was said. */
    private final Map<DueNode, String> said = new ConcurrentHashMap<>();

    DueReleases(Ensemble ensemble, Schedules schedules, Clock clock) {
        this.ensemble = ensemble;
        this.schedules = schedules;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "PT1S")
    void look() {
        try {
            Instant now = clock.instant();
            List<DueNode> due = ensemble.children(DueNode.PARENT).stream()
                    .flatMap(name -> DueNode.of(name).stream())
                    .filter(one -> !one.at().isAfter(now))
                    .sorted(Comparator.comparing(DueNode::at))
                    .toList();
            said.keySet().retainAll(due);
            due.forEach(this::carryOut);
        } catch (Problem unavailable) {
            log.debug("scheduled releases wait: {}", unavailable.detail());
        }
    }

    /** One that can't be carried out keeps no other one waiting, and is told of once for each cause. */
    private void carryOut(DueNode due) {
        try {
            schedules.carryOut(due);
            if (said.remove(due) != null) {
                log.info("the release scheduled as {} in {} waits no longer", due.id(), due.stage());
            }
        } catch (RuntimeException e) {
            String why = e.toString();
            if (!why.equals(said.put(due, why))) {
                log.warn("the release scheduled as {} in {} waits", due.id(), due.stage(), e);
            }
        }
    }
}
