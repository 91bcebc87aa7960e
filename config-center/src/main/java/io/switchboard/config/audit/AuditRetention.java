package io.switchboard.config.audit;

import io.switchboard.contracts.problem.Problem;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Deletes entries that were kept long enough, some at a time. */
@Component
class AuditRetention {

    private static final Logger log = LoggerFactory.getLogger(AuditRetention.class);

    private final AuditTable table;
    private final Duration keep;
    private final Clock clock;

    AuditRetention(AuditTable table, AuditProperties properties, Clock clock) {
        this.table = table;
        this.keep = properties.keep();
        this.clock = clock;
    }

    @Scheduled(initialDelayString = "PT2M", fixedDelayString = "PT1H")
    void deleteOld() {
        if (!table.isPresent()) {
            return;
        }
        try {
            table.deleteBefore(clock.instant().minus(keep));
        } catch (Problem e) {
            log.warn("old entries of the audit are deleted an hour later: {}", e.detail());
        }
    }
}
